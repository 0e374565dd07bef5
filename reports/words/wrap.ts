/** The text in lines of at most `width` characters, broken at blanks; words longer than a line stay whole. */
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

/** Wrapped beside a head: the head stands before the first line, blanks of its length before the others. */
export function wrapHanging(head: string, text: string, width: number): string[] {
  const indent = [...head].length
  return wrap(text, Math.max(20, width - indent)).map(
    (line, i) => `${i === 0 ? head : ' '.repeat(indent)}${line}`,
  )
}
