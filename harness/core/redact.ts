/** Replaces a credential in a history. */
export const REDACTED = '[redacted]'

const SECRET =
  'authorization|cookie|token|secret|passw(?:or)?d|passphrase|credential|session|api[-_]?key'
const SECRET_NAME = new RegExp(SECRET, 'i')

/** Returns true if a header or a field of this name usually contains a credential. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name)

/**
 * Matches a field of JSON, also within a JSON string, up to its value, and then the value: a
 * string, an object or a list (to the end of the text, since they may contain anything), or a
 * number. The text may end anywhere: histories keep the beginnings of bodies.
 */
const JSON_FIELD = new RegExp(
  `((\\\\*")[^"\\\\]*(?:${SECRET})[^"\\\\]*\\2\\s*:\\s*)` +
    `("(?:[^"\\\\]|\\\\[^])*"?|[{[\\\\][^]*|[^\\s,}\\]]+)`,
  'gi',
)

/** Matches a field of a form or a query, up to its value, and then the value. */
const FORM_FIELD = new RegExp(
  `((?:^|[?&;])[^=&?;\\s"]*(?:${SECRET})[^=&?;\\s"]*=)([^&;#\\s]+)`,
  'gi',
)

/**
 * Returns the text with the values of fields redacted whose names mean a credential: in JSON, in a
 * form, in the query of a path. `'{"token":"a1"}'` → `'{"token":"[redacted]"}'`
 */
export function redactFields(text: string): string {
  // Most texts have no such name in them.
  if (!SECRET_NAME.test(text)) return text
  return text
    .replace(JSON_FIELD, (_, field: string, quote: string) => `${field}${quote}${REDACTED}${quote}`)
    .replace(FORM_FIELD, (_, field: string) => `${field}${REDACTED}`)
}
