/** Breaks the text at blanks into lines of at most `width` characters. Longer words stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && [...line].length + 1 + [...word].length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

const HANGING_WIDTH_MIN = 20

/** Wraps the text with `head` before its first line and as many blanks before the others. */
export function wrapHanging(head: string, text: string, width: number): string[] {
  const indent = [...head].length
  return wrap(text, Math.max(HANGING_WIDTH_MIN, width - indent)).map(
    (line, i) => `${i === 0 ? head : ' '.repeat(indent)}${line}`,
  )
}
