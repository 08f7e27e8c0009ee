/**
 * Names of the six chart colours that package.json contributes; a theme's own `charts.orange` may be translucent. Their ids have one dot:
 * the editor replaces only the first by a dash where it names colours to webviews.
 */
export const CHART_COLOURS = ['Blue', 'Orange', 'Green', 'Purple', 'Red', 'Yellow'] as const;
