/**
 * Counts the lines of a source text that hold code: without blank ones, and without those that
 * begin with a comment or lie in one.
 */
export function countLines(source: string): number {
  let inComment = false
  return source.split('\n').filter((line) => {
    const text = line.trim()
    if (!inComment && text.startsWith('/*')) inComment = true
    const isCode = !inComment && text !== '' && !text.startsWith('//')
    if (inComment && text.includes('*/')) inComment = false
    return isCode
  }).length
}
