/**
 * What must not reach a terminal, an XML file or a page as it is: control characters (they move cursors and break XML), lone surrogates
 * and noncharacters (no valid UTF-8), and the marks that turn the reading direction around (they make a text lie about itself).
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text on one line, with everything unseen spelled out as an escape: `\n`, `\u0007`, `\ud83d`. */
export function sanitizeText(text: string): string {
  return text.replace(
    UNSEEN,
    (unseen) => SHORT[unseen] ?? `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Longer texts are cut in reports made for reading; result.json and history.jsonl keep them whole. */
const TEXT_LENGTH_MAX = 800

/** The same data with every text in it {@link sanitizeText} and bounded, so that no template can forget it. */
export function sanitizeData<Data>(data: Data): Data {
  return walk(data) as Data
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return sanitizeText(bounded(value))
  if (Array.isArray(value)) return value.map(walk)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [sanitizeText(key), walk(member)]),
  )
}

/** The end is kept as well: it carries the marker of the operation. */
function bounded(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return text
  return `${text.slice(0, TEXT_LENGTH_MAX - 200)} … ${text.length - TEXT_LENGTH_MAX} characters … ${text.slice(-200)}`
}
