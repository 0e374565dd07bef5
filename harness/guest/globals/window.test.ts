import { expect, it } from 'vitest'
import { TestStage } from '../testing/stage.ts'

type ErrorEvent = Event & { error: unknown; message: string }
type Window = ReturnType<TestStage['globals']> & {
  addEventListener(type: string, listener: (event: Event) => void): void
  document: EventTarget & { hidden: boolean; visibilityState: string; hasFocus(): boolean }
}
const opened = () => {
  const stage = new TestStage()
  return { stage, window: stage.globals() as Window }
}

it('every name of the global object leads to the same object', () => {
  const { window } = opened()
  for (const name of ['window', 'self', 'globalThis', 'global']) expect(window[name]).toBe(window)
  expect(window.location).toMatchObject({ origin: 'http://server.test', pathname: '/' })
  expect('process' in window || 'Buffer' in window || 'require' in window).toBe(false)
})

it('navigator.onLine and the events follow the network of the device', () => {
  const { stage, window } = opened()
  const seen: unknown[] = []
  for (const type of ['online', 'offline'])
    window.addEventListener(type, () => seen.push(type, window.navigator.onLine))
  stage.connectivity.set({ online: false })
  stage.connectivity.set({ metered: true })
  stage.connectivity.set({ online: true })
  expect(seen).toEqual(['offline', false, 'online', true])
})

it('document is hidden while the device dozes', () => {
  const { stage, window } = opened()
  const { document } = window
  const seen: unknown[] = []
  document.addEventListener('visibilitychange', () =>
    seen.push(document.visibilityState, document.hidden, document.hasFocus()),
  )
  stage.power.set({ dozing: true })
  stage.power.set({ dozing: false })
  expect(seen).toEqual(['hidden', true, false, 'visible', false, true])
})

it('an error that nobody catches is an event of the window, and can be handled there', async () => {
  const { stage, window } = opened()
  const seen: string[] = []
  const fail = (text: string) =>
    window.setTimeout(() => {
      throw new Error(text)
    })
  window.onerror = (event) => seen.push((event as ErrorEvent).message)
  fail('one')
  await stage.clock.advance(10)
  expect(stage.errors.map(String)).toEqual(['Error: one'])
  window.addEventListener('error', (event) => event.preventDefault())
  fail('two')
  await stage.clock.advance(10)
  expect([seen, stage.errors.length]).toEqual([['one', 'two'], 1])
})

it('a listener that throws does not keep the others from running', () => {
  const { stage, window } = opened()
  const target = new window.EventTarget()
  const seen: string[] = []
  const failing = () => {
    throw new Error('in a listener')
  }
  target.addEventListener('x', failing)
  target.addEventListener('x', { handleEvent: () => seen.push('second') })
  target.addEventListener('x', () => seen.push('once'), { once: true })
  target.dispatchEvent(new window.Event('x'))
  target.removeEventListener('x', failing)
  target.dispatchEvent(new window.Event('x'))
  expect(seen).toEqual(['second', 'once', 'second'])
  expect(stage.errors.map(String)).toEqual(['Error: in a listener'])
})

it('MessageChannel delivers clones in a task of their own', async () => {
  const { stage, window } = opened()
  const { port1, port2 } = new window.MessageChannel()
  const seen: unknown[] = []
  const message = { at: new window.Date(5) }
  port2.onmessage = ({ data }: { data: typeof message }) => {
    seen.push(data === message, data.at.getTime())
    port2.postMessage('back')
  }
  port1.addEventListener('message', (event) => seen.push((event as MessageEvent).data))
  port1.postMessage(message)
  expect(seen).toEqual([])
  await stage.clock.advance(0)
  expect(seen).toEqual([false, 5])
  port1.start()
  await stage.clock.advance(0)
  expect(seen).toEqual([false, 5, 'back'])
})

it('BroadcastChannel reaches the other channels of its name, until they are closed', async () => {
  const { stage, window } = opened()
  const [one, two, three] = ['a', 'a', 'b'].map((name) => new window.BroadcastChannel(name))
  const seen: unknown[] = []
  for (const [i, channel] of [one, two, three].entries())
    if (channel) channel.onmessage = (event) => seen.push([i, (event as MessageEvent).data])
  one?.postMessage(1)
  await stage.clock.advance(0)
  two?.close()
  one?.postMessage(2)
  await stage.clock.advance(0)
  expect(seen).toEqual([[1, 1]])
  expect(() => two?.postMessage(3)).toThrow(/closed/)
})

it('FileReader reads a Blob', async () => {
  const { stage, window } = opened()
  const Reader = window.FileReader as new () => EventTarget & {
    result: unknown
    readAsText(blob: Blob): void
    readAsDataURL(blob: Blob): void
  }
  const reader = new Reader()
  reader.readAsText(new window.Blob(['hä']))
  await stage.clock.advance(0)
  expect(reader.result).toBe('hä')
  reader.readAsDataURL(new window.Blob(['hi'], { type: 'text/plain' }))
  await stage.clock.advance(0)
  expect(reader.result).toBe('data:text/plain;base64,aGk=')
})

it('Blob and File hold their bytes, and can be sliced', async () => {
  const { window } = opened()
  const blob = new window.Blob(['ab', new Uint8Array([99]), new window.Blob(['d'])])
  const file = new window.File([blob], 'x.txt', { type: 'text/plain' })
  expect([blob.size, await blob.slice(1, -1).text(), await file.text()]).toEqual([4, 'bc', 'abcd'])
  expect([file.name, file.lastModified, file instanceof window.Blob]).toEqual([
    'x.txt',
    window.Date.now(),
    true,
  ])
  expect(await new window.Response(blob.stream()).text()).toBe('abcd')
})

it('WebAssembly compiles while the time stands still', async () => {
  const { stage, window } = opened()
  // (module (func (export "f") (result i32) i32.const 42))
  const bytes = Buffer.from('AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==', 'base64')
  const made = window.WebAssembly.instantiate(new Uint8Array(bytes))
  const { instance } = await stage.settle(made)
  expect((instance.exports.f as () => number)()).toBe(42)
  expect(stage.clock.now()).toBe(0)
})

it('CompressionStream and DecompressionStream pack and unpack', async () => {
  const { stage, window } = opened()
  const packed = new window.Blob(['text '.repeat(100)])
    .stream()
    .pipeThrough(new window.CompressionStream('gzip'))
  const text = new window.Response(
    packed.pipeThrough(new window.DecompressionStream('gzip')),
  ).text()
  expect(await stage.settle(text)).toBe('text '.repeat(100))
})
