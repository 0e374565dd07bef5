import type { Random } from '../../core/random.ts'

/** The most bytes that browsers fill at once. */
const BYTES_MAX = 65_536

/** The chance in `crypto`, from the Random port. */
export function randomValues(random: Random) {
  return {
    getRandomValues<View extends ArrayBufferView>(view: View): View {
      if (!ArrayBuffer.isView(view) || view instanceof Float32Array || view instanceof Float64Array)
        throw new DOMException('getRandomValues expects integers.', 'TypeMismatchError')
      const { buffer, byteOffset, byteLength } = view
      if (byteLength > BYTES_MAX)
        throw new DOMException(`More than ${BYTES_MAX} bytes.`, 'QuotaExceededError')
      new Uint8Array(buffer, byteOffset, byteLength).set(random.bytes(byteLength))
      return view
    },
    randomUUID(): string {
      const bytes = random.bytes(16)
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}
