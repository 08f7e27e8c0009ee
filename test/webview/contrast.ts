/** Finds texts of a page that cannot be read on what is behind them. As text, because tests have no DOM types. */

/** An expression for the page: of each text whose contrast (WCAG 2.2) is below `least`, the text and the contrast. */
export function lowContrastTexts(least: number): string {
  return `(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    // Whatever way a colour is written: painted over another one, and read back.
    const over = (colours) => {
      for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => rgb
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a, b) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (high + 0.05) / (low + 0.05);
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: element, textContent: text } = walker.currentNode;
      if (text.trim() === '' || !element.checkVisibility() || element.closest('script, .sr-only, vscode-text-field') !== null) continue;
      // What the toolkit draws, it draws inside.
      if (element.closest('vscode-button, vscode-dropdown, vscode-checkbox, vscode-panels') !== null) continue;
      const behind = [];
      for (let at = element; at !== null; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
      const background = ['white', ...behind];
      const value = contrast(over([...background, getComputedStyle(element).color]), over(background));
      if (value < ${least}) found.push(text.trim() + ' ' + value.toFixed(2));
    }
    return found;
  })()`;
}
