/** What a panel's page is made of. */
export interface PanelPage {
  readonly title: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Source of the page's own files in the content security policy. */
  readonly cspSource: string;
  /** Allows the one script; new for each page. */
  readonly nonce: string;
  /** What the editor keeps to open the same panel again after a reload. */
  readonly identity: object;
}

/**
 * The page of a panel. Scripts run by nonce only, styles and fonts come from the extension's folder (no style stands in an attribute),
 * pictures are made in the page (export), and nothing else is loaded from anywhere.
 */
export function panelHtml({ title, scriptUri, styleUri, cspSource, nonce, identity }: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${styleUri}">
</head>
<body data-identity="${escapeHtml(JSON.stringify(identity))}">
<script type="module" nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
