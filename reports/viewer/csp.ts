import { sha256Hex } from '../../harness/core/hash.ts'

/** Forbids everything but exactly this style and this script: no network, no image, no frame, no inline handler, no style attribute. */
export function contentSecurityPolicy(style: string, script: string): string {
  return `default-src 'none'; style-src '${hashSource(style)}'; script-src '${hashSource(script)}'; base-uri 'none'; form-action 'none'`
}

function hashSource(text: string): string {
  const bytes = (sha256Hex(text).match(/../g) ?? []).map((byte) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  )
  return `sha256-${btoa(bytes.join(''))}`
}
