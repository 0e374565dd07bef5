/** A line beyond this is not waited for: it is handed on cut, and the rest of it dropped. */
const LONGEST = 64 * 1024 * 1024

/** Cuts a stream of text into lines, empty ones left out. */
export function lineReader(
  onLine: (line: string) => void,
  longest = LONGEST,
): (text: string) => void {
  let kept: string[] = []
  let length = 0
  let dropping = false
  const flush = () => {
    const line = kept.join('').trim()
    kept = []
    length = 0
    if (line !== '' && !dropping) onLine(line)
    dropping = false
  }
  return (text) => {
    const parts = text.split('\n')
    parts.forEach((part, i) => {
      if (i > 0) flush()
      if (dropping) return
      kept.push(part)
      length += part.length
      if (length <= longest) return
      onLine(kept.join('').slice(0, longest))
      kept = []
      dropping = true
    })
  }
}
