/** The text as far as it fits into so many SVG units. No font is measured here: letters count by their kind. */
export function fitText(text: string, room: number, size = 11.5): string {
  const letters = [...text]
  let used = 0
  for (const [i, letter] of letters.entries()) {
    used += widthOf(letter) * size
    if (used > room) return `${letters.slice(0, Math.max(1, i - 1)).join('')}…`
  }
  return text
}

export function textWidth(text: string, size = 11.5): number {
  return [...text].reduce((sum, letter) => sum + widthOf(letter) * size, 0)
}

function widthOf(letter: string): number {
  if (letter > '\u1100') return 1.05
  if (/[ilj.,:;'|!()[\]‘’]/.test(letter)) return 0.32
  if (/[mwMW@—…]/.test(letter)) return 0.9
  return /[A-Z0-9#]/.test(letter) ? 0.66 : 0.56
}
