/** A command line's words, as a shell would part them: blanks part, quotes and backslashes keep together. No variables, no globs. */
export function shellWords(line: string): string[] {
  const found: string[] = []
  for (const match of line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs)) {
    found.push(
      match[0].replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, escaped?: string, double?: string, single?: string) => {
          if (escaped !== undefined) return escaped
          return double !== undefined ? double.replace(/\\(.)/gs, '$1') : (single ?? '')
        },
      ),
    )
  }
  return found
}

/** A word as it must be written in a shell to be read back the same. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
