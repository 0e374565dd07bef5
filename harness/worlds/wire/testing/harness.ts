/**
 * A harness that plays a scenario until a test kills it. Ana's process hangs, so it cannot notice
 * that its stdin closes. With a second argument the server is that program, with a child, behind a
 * shell. Prints 'playing' when all processes are running.
 *
 * @module
 */

import type { ServerDefinition } from '../../../core/server.ts'
import { allEffects } from '../../../effects/testing/effects.ts'
import { handDriven, markedMessage } from '../../../testing/by-hand.ts'
import tinyClient from '../../../testing/tiny-client.ts'
import tinyServer from '../../../testing/tiny-server.ts'
import { wireWorld } from '../index.ts'
import { directProxy } from './direct-proxy.ts'
import { TRANSPORT } from './transport.ts'

const [folder, command] = process.argv.slice(2) as [string, string?]
const server: ServerDefinition =
  command === undefined
    ? tinyServer
    : {
        ...tinyServer,
        tells: 'holdings',
        program: { command: ['sh', '-c', command], dump: () => [] },
      }
const world = await wireWorld({
  openProxy: directProxy,
  transport: TRANSPORT,
  effects: await allEffects(),
  tempFolder: folder,
})
const stage = await world.open({
  scenario: handDriven,
  client: tinyClient,
  server,
  seed: 1,
  timeScale: 40,
})
stage.device('ana').perform(markedMessage('ana', 'hangs'))
process.on('SIGTERM', () => void world.close().then(() => process.exit(0)))
console.log('playing')
