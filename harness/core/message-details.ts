import { z } from 'zod'
import { isSecretName, REDACTED, redactFields } from './redact.ts'

/** The most characters of a body that a history keeps. */
const BODY_LENGTH_MAX = 1000
const HEADER_LENGTH_MAX = 200
const HEADERS_MAX = 40

/**
 * The headers and the body of a request or a response. Both are absent if they are the same as in
 * the sender's last request of this method and path, or in the response to it: see
 * {@link RepeatedDetails}. So idle polls take no space.
 */
export const messageDetailsShape = {
  /** Names in lower case; values of credentials are redacted. Absent if there is none. */
  headers: z.record(z.string(), z.string()).optional(),
  /** The first 1,000 characters, without credentials. Absent if the body is empty. */
  body: z.string().optional(),
}
export type MessageDetails = z.infer<z.ZodObject<typeof messageDetailsShape>>

interface Message {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** Returns the headers and the body of a message as a history keeps them. */
export function observeDetails({ headers, body }: Message): MessageDetails {
  const details: MessageDetails = {}
  const kept = headers && observeHeaders(headers)
  if (kept) details.headers = kept
  if (body) details.body = observeBody(body)
  return details
}

function observeHeaders(headers: Readonly<Record<string, string>>): MessageDetails['headers'] {
  const kept: Record<string, string> = {}
  let count = 0
  for (const name in headers) {
    const keptName = keptNameOf(name)
    if (keptName === undefined || count === HEADERS_MAX) continue
    count++
    kept[keptName.name] = keptName.isSecret
      ? REDACTED
      : shortened(String(headers[name]), HEADER_LENGTH_MAX)
  }
  return count > 0 ? kept : undefined
}

function observeBody(body: string): string {
  return redactFields(shortened(body, BODY_LENGTH_MAX))
}

/** Returns the beginning of a text, without half a character at its end. */
function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  return `${text.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, '')}…`
}

interface KeptName {
  readonly name: string
  readonly isSecret: boolean
}

/** The few names that clients use, in hundreds of requests. */
const knownNames = new Map<string, KeptName | undefined>()
const KNOWN_NAMES_MAX = 1000

/** Returns undefined for our own headers. */
function keptNameOf(name: string): KeptName | undefined {
  if (knownNames.has(name)) return knownNames.get(name)
  const lower = name.toLowerCase()
  const isOurs = lower.startsWith('tunnelproof-')
  const kept = isOurs ? undefined : { name: lower, isSecret: isSecretName(lower) }
  if (knownNames.size < KNOWN_NAMES_MAX) knownNames.set(name, kept)
  return kept
}
