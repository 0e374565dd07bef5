import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './json.ts'

/** SHA-256 of a value's canonical JSON, in hexadecimal. The same on every machine and in a page. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonical(value))
}

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** The first 16 digits of {@link hashOf}: enough to distinguish the payloads of one history. */
export function payloadHash(value: unknown): string {
  return hashOf(value).slice(0, 16)
}
