/**
 * Splits a command line into words as a shell does: at blanks, unless they are quoted or escaped.
 * Does not expand variables and globs.
 */
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

/** Quotes a word so that a shell, or {@link shellWords}, reads it back unchanged. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
