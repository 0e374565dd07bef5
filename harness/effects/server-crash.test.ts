import { expect, it } from 'vitest'
import { fakeStage } from '../testing/fake-stage.ts'
import serverCrash from './server-crash.ts'

const spec = serverCrash.spec({ point: 'before-commit' })

it('server-crash arms a crash in begin; disarms it and starts the server in end', async () => {
  const stage = fakeStage()
  await serverCrash.begin(spec, { stage, id: 'x', others: [] })
  await serverCrash.end(spec, { stage, id: 'x', others: [] })
  expect(stage.calls).toEqual(['server crash before-commit', 'server crash null', 'server start'])
})

it('server-crash does not start the server in end while a server-dead holds', async () => {
  const stage = fakeStage()
  await stage.server.kill()
  await serverCrash.end(spec, { stage, id: 'x', others: [{ effect: 'server-dead' }] })
  expect(stage.state().server).toEqual({ running: false, crashAt: null })
})
