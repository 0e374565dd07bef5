import { joined, utf8Bytes } from '../../codec/bytes.ts'
import type { Random } from '../../core/random.ts'
import { bytesOfBlob, bytesOfBuffer } from './blob.ts'

const NativeFormData = FormData

/** A body whose bytes are known, with the type that the platform would state. */
export interface KnownBody {
  readonly bytes: Uint8Array
  readonly type?: string
}

/** Returns the bytes of a body; undefined for a stream, which is read later. */
export function knownBody(body: unknown, random: Random): KnownBody | undefined {
  if (body instanceof ReadableStream) return undefined
  const blob = bytesOfBlob(body)
  if (blob) {
    const { type } = body as Blob
    return { bytes: blob, ...(type !== '' && { type }) }
  }
  const buffer = bytesOfBuffer(body)
  if (buffer) return { bytes: buffer }
  if (body instanceof URLSearchParams)
    return {
      bytes: utf8Bytes(body.toString()),
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
    }
  if (body instanceof NativeFormData) return multipart(body, random)
  return { bytes: utf8Bytes(String(body)), type: 'text/plain;charset=UTF-8' }
}

/** The platform's own boundary is chosen by real chance. */
function multipart(form: FormData, random: Random): KnownBody {
  const digits = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, '0'))
  const boundary = `----formdata-guest-${digits.join('')}`
  const escaped = (name: string) =>
    name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')
  const parts: Uint8Array[] = []
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`
    if (typeof value === 'string')
      parts.push(utf8Bytes(`${head}\r\n\r\n${value.replace(/\r?\n|\r/g, '\r\n')}\r\n`))
    else
      parts.push(
        utf8Bytes(
          `${head}; filename="${escaped(value.name)}"\r\n` +
            `Content-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`,
        ),
        bytesOfBlob(value) ?? new Uint8Array(0),
        utf8Bytes('\r\n'),
      )
  }
  parts.push(utf8Bytes(`--${boundary}--\r\n`))
  return { bytes: joined(parts), type: `multipart/form-data; boundary=${boundary}` }
}
