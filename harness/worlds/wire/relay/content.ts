import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** In bytes: a body that unpacks to more is not unpacked. */
const UNPACKED_MAX = 64 * 1024 * 1024

type Decoders = Readonly<Record<string, (body: Buffer) => Buffer>>

const DECODERS = decoders(constants.Z_FINISH, constants.BROTLI_OPERATION_FINISH)
/** These accept a body whose end is missing. */
const BEGINNING_DECODERS = decoders(constants.Z_SYNC_FLUSH, constants.BROTLI_OPERATION_FLUSH)

function decoders(finishFlush: number, brotliFinishFlush: number): Decoders {
  const options = { maxOutputLength: UNPACKED_MAX, finishFlush }
  const gunzip = (body: Buffer) => gunzipSync(body, options)
  return {
    gzip: gunzip,
    'x-gzip': gunzip,
    br: (body) => brotliDecompressSync(body, { ...options, finishFlush: brotliFinishFlush }),
    // Some senders leave out the zlib header.
    deflate: (body) =>
      ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options),
    identity: (body) => body,
  }
}

/**
 * Returns a body without its content encoding; undefined if it has an encoding that the relay does
 * not know, or does not match its encoding.
 */
export function decodedBody(body: Buffer, encoding: string | undefined): Buffer | undefined {
  return decoded(body, encoding, DECODERS)
}

/** Returns a body as text, to look for markers in it and to show it. */
export function bodyText(body: Buffer, encoding: string | undefined): string {
  return (decodedBody(body, encoding) ?? body).toString('utf8')
}

/** Returns the beginning of a body as text, to show it: its end may be missing. */
export function beginningText(beginning: Buffer, encoding: string | undefined): string {
  return (decoded(beginning, encoding, BEGINNING_DECODERS) ?? beginning).toString('utf8')
}

function decoded(
  body: Buffer,
  encoding: string | undefined,
  decodersByName: Decoders,
): Buffer | undefined {
  if (encoding === undefined || body.length === 0) return body
  const names = encoding.split(',').map((name) => name.trim().toLowerCase())
  try {
    return names.reduceRight((rest, name) => {
      const decode = decodersByName[name]
      if (!decode) throw new Error(`unknown encoding ${name}`)
      return decode(rest)
    }, body)
  } catch {
    return undefined
  }
}
