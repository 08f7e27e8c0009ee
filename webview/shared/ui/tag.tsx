import { provideVSCodeDesignSystem, vsCodeTag } from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes } from 'preact';

provideVSCodeDesignSystem().register(vsCodeTag());

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-tag': HTMLAttributes<HTMLElement>;
    }
  }
}

/** A small label on a run: a tag that a person gave, or a badge. */
export function Tag({ text }: { readonly text: string }) {
  return <vscode-tag>{text}</vscode-tag>;
}
