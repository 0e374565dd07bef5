import type { z } from 'zod'
import { InvalidRequest } from './response.ts'

/**
 * The largest accepted request body, in bytes of UTF-8. It has room for a message of a million
 * control characters, which JSON escapes with six bytes each.
 */
export const MAX_BODY_BYTES = 16 * 1024 * 1024

/** Parses a body with a schema. Throws an InvalidRequest: 413 if too large, 400 if invalid. */
export function parseBody<Schema extends z.ZodType>(
  body: string | undefined,
  schema: Schema,
): z.infer<Schema> {
  const text = body ?? ''
  // A UTF-16 unit is at most 3 bytes of UTF-8, so most bodies need not be counted.
  if (text.length * 3 > MAX_BODY_BYTES && utf8Bytes(text) > MAX_BODY_BYTES)
    throw new InvalidRequest(413, `the body is larger than ${MAX_BODY_BYTES} bytes`)
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new InvalidRequest(400, 'the body is not JSON')
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
  throw new InvalidRequest(400, `the body does not fit${place}: ${issue?.message ?? 'unreadable'}`)
}

function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
