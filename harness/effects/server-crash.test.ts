import { expect, it } from 'vitest'
import { fakeStage } from '../testing/fake-stage.ts'
import serverCrash from './server-crash.ts'

const spec = serverCrash.spec({ point: 'before-commit' })

it('arms the crash when it begins, and disarms it and starts the server when it ends', async () => {
  const stage = fakeStage()
  await serverCrash.begin(spec, { stage, id: 'x', others: [] })
  await serverCrash.end(spec, { stage, id: 'x', others: [] })
  expect(stage.calls).toEqual(['server crash before-commit', 'server crash null', 'server start'])
})

it('does not start the server when it ends while a server-dead still holds', async () => {
  const stage = fakeStage()
  await stage.server.kill()
  await serverCrash.end(spec, { stage, id: 'x', others: [{ effect: 'server-dead' }] })
  expect(stage.state().server).toEqual({ running: false, crashAt: null })
})
