/**
 * A stranger's text in a paragraph, a list item, a heading or a cell of Markdown: nothing in it is markup,
 * HTML, a link or a mention. What could not be any of these stays as it is, since people read the source
 * of a ticket too.
 */
import { printable } from '../../engine/terminal-text.ts';

/** What would become a link by itself; no backtick is in it, so code is what it can be shown as. */
const address = /(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{0,31}:\/\/|www\.|mailto:|xmpp:)[^\s`|]+/gi;

export function plain(text: string): string {
  const shown = printable(text).trim();
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: found, index } of shown.matchAll(address)) {
    pieces.push(escaped(shown.slice(from, index)), `\`${found}\``);
    from = index + found.length;
  }
  pieces.push(escaped(shown.slice(from)));
  return pieces.join('').replace(block, '\\$&').replace(listNumber, '$1\\$2');
}

/** A heading, a quote, a list or a rule, where a list item begins with the text. */
const block = /^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=-))/;
const listNumber = /^(\d{1,9})([.)](?:\s|$))/;

function escaped(text: string): string {
  return (
    text
      .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\')
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/[`*[|~]/g, '\\$&')
      // Within a word it is a letter.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      // An issue of somebody's tracker.
      .replace(/(?<![\p{L}\p{N}])#(?=\d)/gu, '\\#')
      .replace(/</g, '&lt;')
      .replace(/@/g, '&#64;')
  );
}
