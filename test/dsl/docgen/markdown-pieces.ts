/** What Markdown reads as more than text, and some text between. */
export const PIECES = [
  ...['a', 'b1', 'x_y', ' ', ' ', '*', '**', '_', '`', '``', '|', '\\', '<', '<b>', '>', '&', '&lt;', '#', '# '],
  ...['- ', '+ ', '1. ', '12) ', '===', '---', '[', '](u)', '![', '~', '~~', '$', '!', ':', '(', ')'],
  ...['http://h.i', 'www.h.i'],
];
