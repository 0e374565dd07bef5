import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './json.ts'

/** Returns the SHA-256 of a value's canonical JSON in hexadecimal: the same on every machine. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonical(value))
}

/** Returns the SHA-256 of a text's UTF-8 bytes in hexadecimal. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** Returns 16 digits of {@link hashOf}: enough to distinguish the payloads of one history. */
export function payloadHash(value: unknown): string {
  return hashOf(value).slice(0, 16)
}
