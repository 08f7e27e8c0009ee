/** Names of the six chart colours that package.json contributes; a theme's own `charts.orange` may be translucent. */
export const CHART_COLOURS = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;
