/** Texts of people and files for places of the editor that read more than text in them: links, icons, Markdown. */
import { visibleText } from '../protocol/visible-text.ts';

/** For notifications and prompts, which make a link of `[words](command:…)`; a press on it would run the command. */
export function plainNotice(text: string): string {
  return visibleText(text).replaceAll('](', '] (');
}

/** For the status bar and lists to pick from, which make an icon of `$(name)`; icons there are the product's own words. */
export function plainLabel(text: string): string {
  return visibleText(text).replaceAll('$(', '$\u200b(');
}

/** For Markdown: no markup, link, picture or entity comes of the text, and a line end is one. */
export function escapeMarkdown(text: string): string {
  return visibleText(text.replace(/\r\n?/g, '\n'))
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/\s*\n\s*/g, '  \n');
}

/** As `escapeMarkdown`, in one line, for table cells, headings and items of lists. */
export function escapeMarkdownLine(text: string): string {
  return escapeMarkdown(text).replace(/\s*\n/g, ' ');
}
