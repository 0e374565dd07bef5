import type { Standstill } from '../../core/ports/standstill.ts'
import { bytesOfBuffer } from './blob.ts'

type Source = BufferSource | WebAssembly.Module

// Kept from the beginning, as the platform's objects are frozen under nobody.
const native = globalThis.WebAssembly
const { compile } = native

/** Returns WebAssembly: what compiles in another thread lets the time stand still. */
export function webAssemblyObject(standstill: Standstill) {
  const compileBytes = (bytes: BufferSource) => {
    const kept = bytesOfBuffer(bytes) as BufferSource
    return standstill(() => compile.call(native, kept))
  }
  const instantiateSource = async (source: Source, imports?: WebAssembly.Imports) => {
    if (source instanceof native.Module) return new native.Instance(source, imports)
    const module = await compileBytes(source)
    return { module, instance: new native.Instance(module, imports) }
  }
  const bytesOf = async (response: Response | PromiseLike<Response>) =>
    (await response).arrayBuffer()
  return Object.create(native, {
    compile: { value: compileBytes },
    instantiate: { value: instantiateSource },
    compileStreaming: {
      value: async (response: Response) => compileBytes(await bytesOf(response)),
    },
    instantiateStreaming: {
      value: async (response: Response, imports?: WebAssembly.Imports) =>
        instantiateSource(await bytesOf(response), imports),
    },
  })
}
