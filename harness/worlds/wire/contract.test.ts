import { it } from 'vitest'
import { allEffects } from '../../effects/testing/effects.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { worldContract } from '../../run/world.contract.ts'
import { startToxiproxy } from '../../toxiproxy/index.ts'
import { wireWorld } from './index.ts'
import { openToxiproxy } from './proxy/index.ts'
import { TRANSPORT } from './testing/transport.ts'

const toxics = await allToxics()
const effects = await allEffects()
const startEmbedded = () => startToxiproxy({ host: '127.0.0.1', port: 0, toxics })
const open = (choice: string) => () =>
  wireWorld({
    openProxy: (onChild) => openToxiproxy(choice, { toxics, startEmbedded, onChild }),
    transport: TRANSPORT,
    effects,
  })

worldContract('wire, embedded Toxiproxy', open('embedded'), 40)
if (process.env.TOXIPROXY_BIN) worldContract('wire, real Toxiproxy', open('binary'), 40)
else
  it.skip('world contract: wire, real Toxiproxy: set TOXIPROXY_BIN to a toxiproxy-server to run it')
