import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { type DevToolsEvent, DevToolsPipe } from './pipe.ts'

function opened() {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const pipe = new DevToolsPipe(input, output)
  const answer = (message: object) => output.write(`${JSON.stringify(message)}\0`)
  return { pipe, input, output, answer }
}

it('sends a command to a session and resolves to its result, whatever comes before', async () => {
  const { pipe, input, answer } = opened()
  const events: DevToolsEvent[] = []
  pipe.listen((event) => events.push(event))
  const [first, second] = [pipe.send('A.one'), pipe.send('A.two', { x: 1 }, 's')]
  expect(String(input.read())).toBe(
    '{"id":1,"method":"A.one","params":{}}\0' +
      '{"id":2,"method":"A.two","params":{"x":1},"sessionId":"s"}\0',
  )
  answer({ method: 'A.happened', params: { y: 2 }, sessionId: 's' })
  answer({ id: 2, result: 'two' })
  answer({ id: 1, result: 'one' })
  expect([await first, await second]).toEqual(['one', 'two'])
  expect(events).toEqual([{ method: 'A.happened', params: { y: 2 }, sessionId: 's' }])
})

it('accepts a message in pieces, and names the command that the browser refuses', async () => {
  const { pipe, output } = opened()
  const refused = pipe.send('A.one')
  output.write('{"id":1,"error":{"mess')
  output.write('age":"no such session"}}\0')
  await expect(refused).rejects.toThrow('A.one: no such session')
})

it('fails what is still to be answered when the browser exits', async () => {
  const { pipe, output } = opened()
  const sent = pipe.send('A.one')
  output.destroy()
  await expect(sent).rejects.toThrow('A.one: the browser has exited')
})
