import { latin1, latin1Bytes } from '../../codec/bytes.ts'
import type { Json } from '../../core/json.ts'
import { bytesOfBlob, GuestBlob, GuestFile } from '../globals/blob.ts'

const NativeDate = Date

/**
 * A value as JSON keeps it: simple ones as they are, the others by their place in the list of
 * nodes, so that what occurs twice stays one thing, and a value may contain itself.
 */
type Cell = string | number | boolean | null | readonly [place: number] | Special
/** A value that JSON lacks: ['undefined'], ['NaN'], ['-0'], ['bigint', '12']. */
type Special = readonly [name: string, text?: string]

/** An object, by the name of its kind. */
interface Node {
  readonly kind: string
  readonly cells?: Cell[]
  readonly keys?: string[]
  readonly text?: string
  readonly more?: Json
  readonly bytes?: Uint8Array
}

/** A value taken apart, as the structured clone algorithm does. */
export interface Structure {
  readonly root: Cell
  readonly nodes: readonly Node[]
}

const VIEWS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const
type ViewName = keyof typeof VIEWS

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }

/** Objects of the platform that cannot be cloned. */
const UNCLONEABLE = [
  Promise,
  WeakMap,
  WeakSet,
  WeakRef,
  EventTarget,
  Event,
  Request,
  Response,
  Headers,
  FormData,
  ReadableStream,
  WritableStream,
  URL,
  URLSearchParams,
]

const cannotClone = (what: string) =>
  new DOMException(`${what} could not be cloned.`, 'DataCloneError')

/** Takes a value apart. Throws a DataCloneError if a part of it cannot be cloned. */
export function takeApart(value: unknown): Structure {
  const nodes: Node[] = []
  const places = new Map<object, number>()

  const cellOf = (part: unknown): Cell => {
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return part
      case 'number':
        if (Number.isFinite(part) && !Object.is(part, -0)) return part
        return [Object.is(part, -0) ? '-0' : String(part)]
      case 'undefined':
        return ['undefined']
      case 'bigint':
        return ['bigint', String(part)]
      case 'object':
        return part === null ? null : placeOf(part)
      default:
        throw cannotClone(typeof part === 'symbol' ? String(part) : `${part}`)
    }
  }
  const placeOf = (object: object): Cell => {
    const known = places.get(object)
    if (known !== undefined) return [known]
    const place = nodes.length
    places.set(object, place)
    // Reserved first: the object may contain itself.
    nodes.push({ kind: 'reserved' })
    nodes[place] = nodeOf(object)
    return [place]
  }
  const entries = (kind: string, object: object): Node => {
    const keys = Object.keys(object)
    const record = object as Readonly<Record<string, unknown>>
    return { kind, keys, cells: keys.map((key) => cellOf(record[key])) }
  }
  const nodeOf = (object: object): Node => {
    if (Array.isArray(object)) {
      const isDense = Object.keys(object).length === object.length
      if (isDense) return { kind: 'array', cells: object.map(cellOf) }
      return { ...entries('sparse', object), more: object.length }
    }
    const prototype = Object.getPrototypeOf(object)
    if (prototype === Object.prototype || prototype === null) return entries('object', object)
    if (object instanceof NativeDate) return { kind: 'date', cells: [cellOf(object.getTime())] }
    if (object instanceof Map)
      return {
        kind: 'map',
        cells: [...object].flatMap(([key, each]) => [cellOf(key), cellOf(each)]),
      }
    if (object instanceof Set) return { kind: 'set', cells: [...object].map(cellOf) }
    if (object instanceof RegExp) return { kind: 'regexp', text: object.source, more: object.flags }
    if (object instanceof ArrayBuffer)
      return { kind: 'buffer', bytes: new Uint8Array(object).slice() }
    if (ArrayBuffer.isView(object)) return viewNode(object, cellOf(object.buffer))
    const blob = bytesOfBlob(object)
    if (blob) return blobNode(object as Blob, blob)
    if (object instanceof Error) return errorNode(object, cellOf)
    if (object instanceof Boolean || object instanceof Number || object instanceof String)
      return { kind: 'boxed', cells: [cellOf(object.valueOf())] }
    if (UNCLONEABLE.some((each) => object instanceof each))
      throw cannotClone(`#<${prototype?.constructor?.name ?? 'Object'}>`)
    return entries('object', object)
  }
  const root = cellOf(value)
  return { root, nodes }
}

function viewNode(view: ArrayBufferView, buffer: Cell): Node {
  const name = view instanceof DataView ? 'DataView' : viewName(view)
  const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length
  return { kind: 'view', text: name, cells: [buffer], more: [view.byteOffset, length] }
}

function viewName(view: ArrayBufferView): ViewName {
  const name = (Object.keys(VIEWS) as ViewName[]).find((each) => view instanceof VIEWS[each])
  if (name === undefined) throw cannotClone('A view of an unknown type')
  return name
}

function blobNode(blob: Blob, bytes: Uint8Array): Node {
  const { name, lastModified } = blob as Partial<File>
  return {
    kind: 'blob',
    bytes,
    text: blob.type,
    ...(name !== undefined && { more: [name, lastModified ?? 0] }),
  }
}

function errorNode(error: Error, cellOf: (part: unknown) => Cell): Node {
  const name = Object.hasOwn(ERRORS, error.name) ? error.name : 'Error'
  return {
    kind: 'error',
    text: error.message,
    more: name,
    ...('cause' in error && { cells: [cellOf(error.cause)] }),
  }
}

/** Puts a value together again. Dates are made by the given class. */
export function putTogether({ root, nodes }: Structure, DateClass: DateConstructor): unknown {
  const objects: object[] = []
  /** Objects are made in order; what they contain is filled in later, as it may come after them. */
  const resolve = (cell: Cell): unknown => {
    if (!Array.isArray(cell)) return cell
    const [first, text] = cell as readonly [number | string, string?]
    if (typeof first === 'number') return objectAt(first)
    if (first === 'undefined') return undefined
    return first === 'bigint' ? BigInt(text ?? '0') : Number(first)
  }
  const objectAt = (place: number): object => {
    const known = objects[place]
    if (known) return known
    const node = nodes[place] as Node
    const fresh = empty(node, resolve, DateClass)
    objects[place] = fresh
    fill(fresh, node, resolve)
    return fresh
  }
  return resolve(root)
}

function empty(node: Node, resolve: (cell: Cell) => unknown, DateClass: DateConstructor): object {
  const { kind, text = '', more, bytes } = node
  const [first = null] = node.cells ?? []
  switch (kind) {
    case 'array':
      return []
    case 'sparse':
      return new Array(more as number)
    case 'date':
      return new DateClass(resolve(first) as number)
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'regexp':
      return new RegExp(text, more as string)
    case 'buffer':
      return (bytes as Uint8Array).slice().buffer
    case 'view': {
      const [offset, length] = more as [number, number]
      const View = text === 'DataView' ? DataView : VIEWS[text as ViewName]
      return new (View as Uint8ArrayConstructor)(resolve(first) as ArrayBuffer, offset, length)
    }
    case 'blob': {
      if (!Array.isArray(more)) return new GuestBlob([bytes], { type: text })
      const [name, lastModified] = more as [string, number]
      return new GuestFile([bytes], name, { type: text, lastModified })
    }
    case 'error':
      return new ERRORS[more as keyof typeof ERRORS](text)
    case 'boxed':
      return Object(resolve(first)) as object
    default:
      return {}
  }
}

function fill(object: object, node: Node, resolve: (cell: Cell) => unknown): void {
  const { kind, cells = [], keys = [] } = node
  switch (kind) {
    case 'array':
      for (const cell of cells) (object as unknown[]).push(resolve(cell))
      break
    case 'object':
    case 'sparse':
      // A key may be '__proto__'.
      for (const [i, key] of keys.entries())
        Object.defineProperty(object, key, {
          value: resolve(cells[i] as Cell),
          writable: true,
          enumerable: true,
          configurable: true,
        })
      break
    case 'map':
      for (let i = 0; i + 1 < cells.length; i += 2)
        (object as Map<unknown, unknown>).set(
          resolve(cells[i] as Cell),
          resolve(cells[i + 1] as Cell),
        )
      break
    case 'set':
      for (const cell of cells) (object as Set<unknown>).add(resolve(cell))
      break
    case 'error':
      if (cells.length > 0)
        Object.defineProperty(object, 'cause', { value: resolve(cells[0] as Cell) })
      break
  }
}

/** Returns a structure as text of JSON, which holds no lone surrogates. */
export function structureText(structure: Structure): string {
  return JSON.stringify(structure, (_key, value) =>
    value instanceof Uint8Array ? { base64: btoa(latin1(value)) } : value,
  )
}

/** The inverse of {@link structureText}. */
export function parseStructure(text: string): Structure {
  const { root, nodes } = JSON.parse(text) as {
    root: Cell
    nodes: (Omit<Node, 'bytes'> & { bytes?: { base64: string } })[]
  }
  return {
    root,
    nodes: nodes.map(({ bytes, ...node }) =>
      bytes ? { ...node, bytes: latin1Bytes(atob(bytes.base64)) } : node,
    ),
  }
}
