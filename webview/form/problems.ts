import type { FormProblem } from '../../src/protocol/panels/form-data.ts';
import { h, icon, show } from '../shared/dom.ts';
import type { Edits } from './edits.ts';

/** A place for the validator's words. */
export interface Problems {
  readonly element: HTMLElement;
  draw(problems: readonly FormProblem[]): void;
}

/** Problems below what they are about, each with its fix and, unless that stands there already, its line in the text. Readers hear of them when they come. */
export function problemList(edits: Edits, hasLines = true): Problems {
  const element = h('ul', { class: 'problems', attrs: { 'aria-live': 'polite', hidden: true } });
  let drawn = '';
  return {
    element,
    draw(problems) {
      const now = JSON.stringify(problems);
      show(element, problems.length > 0);
      if (now === drawn) return;
      drawn = now;
      element.replaceChildren(...problems.map((problem) => problemItem(problem, edits, hasLines)));
    },
  };
}

function problemItem({ severity, message, line, fix }: FormProblem, edits: Edits, hasLine: boolean): HTMLElement {
  return h(
    'li',
    { class: `problem is-${severity}` },
    icon(severity),
    h('span', { class: 'sr-only' }, severity === 'error' ? 'Error: ' : 'Warning: '),
    h(
      'span',
      { class: 'problem-text' },
      message,
      fix !== undefined && ' ',
      fix !== undefined && h('button', { class: 'link', on: { click: () => edits.fix({ line, title: fix }) } }, fix),
    ),
    hasLine && lineLink(line, edits),
  );
}

/** Leads to a line of the text. */
export function lineLink(line: number, edits: Edits): HTMLElement {
  return h(
    'button',
    { class: 'link line-link num', attrs: { title: 'Show in the text' }, on: { click: () => edits.reveal(line) } },
    `line ${line}`,
  );
}
