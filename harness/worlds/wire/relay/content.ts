import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** In bytes: a body that unpacks to more is not unpacked. */
const UNPACKED_MAX = 64 * 1024 * 1024

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, LIMIT),
  'x-gzip': (body) => gunzipSync(body, LIMIT),
  br: (body) => brotliDecompressSync(body, LIMIT),
  // Some senders leave out the zlib header.
  deflate: (body) =>
    ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, LIMIT) : inflateRawSync(body, LIMIT),
  identity: (body) => body,
}
const LIMIT = { maxOutputLength: UNPACKED_MAX }

/**
 * Returns a body without its content encoding; undefined if it has an encoding that the relay does
 * not know, or is not what its encoding says.
 */
export function decodedBody(body: Buffer, encoding: string | undefined): Buffer | undefined {
  if (encoding === undefined || body.length === 0) return body
  const names = encoding.split(',').map((name) => name.trim().toLowerCase())
  try {
    return names.reduceRight((rest, name) => {
      const decode = DECODERS[name]
      if (!decode) throw new Error(`unknown encoding ${name}`)
      return decode(rest)
    }, body)
  } catch {
    return undefined
  }
}

/** Returns a body as text, to look for markers in it and to show it. */
export function bodyText(body: Buffer, encoding: string | undefined): string {
  return (decodedBody(body, encoding) ?? body).toString('utf8')
}
