import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './json.ts'

/** Returns the SHA-256 of a value's canonical JSON in hexadecimal: the same on every machine. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonical(value))
}

/** Returns the SHA-256 of a text's UTF-8 bytes in hexadecimal. */
export function sha256Hex(text: string): string {
  return native ? native.hash('sha256', text, 'hex') : bytesToHex(sha256(utf8ToBytes(text)))
}

/** Returns 16 digits of {@link hashOf}: enough to distinguish the payloads of one history. */
export function payloadHash(value: unknown): string {
  const text = canonical(value)
  const known = payloadHashes.get(text)
  if (known !== undefined) return known
  const hash = sha256Hex(text).slice(0, 16)
  if (payloadHashes.size >= PAYLOAD_HASHES_MAX) payloadHashes.clear()
  payloadHashes.set(text, hash)
  return hash
}

/** Caches hashes by canonical text: the same payload passes several replicas. */
const payloadHashes = new Map<string, string>()
const PAYLOAD_HASHES_MAX = 1000

interface NodeCrypto {
  hash(algorithm: 'sha256', text: string, encoding: 'hex'): string
}

/** Node's own SHA-256, five times faster; undefined in a page. Not imported: a page cannot. */
const native = (
  globalThis as { process?: { getBuiltinModule?(name: string): NodeCrypto | undefined } }
).process?.getBuiltinModule?.('node:crypto')
