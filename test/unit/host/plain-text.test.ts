import { describe, expect, it } from 'vitest';
import { escapeMarkdown, escapeMarkdownLine, plainLabel, plainNotice } from '../../../src/host/plain-text.ts';

/** What the editor takes for a link in a notification or a prompt. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/i;

describe('a text of somebody else', () => {
  it('is no link in a notification', () => {
    const text = 'run [open it](command:workbench.action.quit) [x](https://example.org "t")';
    expect(text).toMatch(LINK);
    expect(plainNotice(text)).not.toMatch(LINK);
    expect(plainNotice(text)).toBe('run [open it] (command:workbench.action.quit) [x] (https://example.org "t")');
    expect(plainNotice('It failed.\nTry again (see /x).')).toBe('It failed.\nTry again (see /x).');
    expect(plainNotice('a\u202eb\u001b[2J')).toBe('a<U+202E>b␛[2J');
  });

  it('is no icon in a list or the status bar', () => {
    expect(plainLabel('$(check) passed')).not.toContain('$(');
    expect(plainLabel('my run')).toBe('my run');
  });

  it('is no markup in Markdown', () => {
    const text = '[a](command:x) ![b](https://e/x.png) <i> `c` **d** _e_ ~f~ &amp; |g| # h - i 1. j $(k) https://l \\m';
    expect(escapeMarkdown(text)).not.toMatch(/(?<!\\)[[\]()<>`*_~&|#!$:\\](?![[\]()<>`*_~&|#!$:/.\-;\\])/);
    expect(escapeMarkdown('a\r\n\r\nb\rc')).toBe('a  \nb  \nc');
    expect(escapeMarkdownLine('a\r\n\r\nb\rc | d')).toBe('a b c \\| d');
    expect(escapeMarkdownLine('Größe 商品 12')).toBe('Größe 商品 12');
  });
});
