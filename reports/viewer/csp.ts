import { sha256Hex } from '../../harness/core/hash.ts'

/**
 * Allows this style and this script and nothing else: no network, images, frames, inline handlers
 * or style attributes.
 */
export function contentSecurityPolicy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashSource(style)}'`,
    `script-src '${hashSource(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function hashSource(text: string): string {
  const bytes = (sha256Hex(text).match(/../g) ?? []).map((byte) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  )
  return `sha256-${btoa(bytes.join(''))}`
}
