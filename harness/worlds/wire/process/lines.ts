/** In characters. A longer line is cut there, and its rest is dropped. */
const LINE_LENGTH_MAX = 64 * 1024 * 1024

/**
 * Returns a function that accepts a text in pieces and calls `onLine` for each non-empty line,
 * without white space at its end.
 */
export function lineReader(
  onLine: (line: string) => void,
  maxLength = LINE_LENGTH_MAX,
): (text: string) => void {
  let pieces: string[] = []
  let length = 0
  let dropping = false
  const endLine = () => {
    const line = pieces.join('').trimEnd()
    pieces = []
    length = 0
    if (line !== '' && !dropping) onLine(line)
    dropping = false
  }
  return (text) => {
    const parts = text.split('\n')
    parts.forEach((part, i) => {
      if (i > 0) endLine()
      if (dropping) return
      pieces.push(part)
      length += part.length
      if (length <= maxLength) return
      onLine(pieces.join('').slice(0, maxLength))
      pieces = []
      dropping = true
    })
  }
}
