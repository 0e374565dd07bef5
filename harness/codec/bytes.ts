/** Returns the parts as one array of bytes. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0]
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Returns a text of which each character is one byte, as heads of HTTP messages are. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  // In pieces: a call has a limit of arguments.
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return text
}

/** The inverse of {@link latin1}; characters beyond one byte lose their upper bits. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
export const utf8Bytes = (text: string): Uint8Array => encoder.encode(text)
export const utf8Text = (bytes: Uint8Array): string => decoder.decode(bytes)
