/**
 * Text in the diagram, where nothing wraps. Reports are rendered without a browser, so the width of
 * a text is estimated from its characters, in SVG units.
 *
 * @module
 */

const FONT_SIZE = 11.5

/** Cuts the text to `width`, with a final `…`. */
export function fitText(text: string, width: number, fontSize = FONT_SIZE): string {
  const characters = [...text]
  let used = 0
  for (const [i, character] of characters.entries()) {
    used += relativeWidth(character) * fontSize
    if (used > width) return `${characters.slice(0, Math.max(1, i - 1)).join('')}…`
  }
  return text
}

export function textWidth(text: string, fontSize = FONT_SIZE): number {
  return [...text].reduce((sum, character) => sum + relativeWidth(character) * fontSize, 0)
}

/** The width of a character at font size 1. */
function relativeWidth(character: string): number {
  if (character > '\u1100') return 1.05
  if (/[ilj.,:;'|!()[\]‘’]/.test(character)) return 0.32
  if (/[mwMW@—…]/.test(character)) return 0.9
  return /[A-Z0-9#]/.test(character) ? 0.66 : 0.56
}
