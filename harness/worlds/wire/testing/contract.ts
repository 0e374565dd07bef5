import { allEffects } from '../../../effects/testing/effects.ts'
import { allToxics } from '../../../link/testing/toxics.ts'
import { worldContract } from '../../../run/world.contract.ts'
import { startToxiproxy } from '../../../toxiproxy/index.ts'
import { wireWorld } from '../index.ts'
import { openToxiproxy } from '../proxy/index.ts'
import { TRANSPORT } from './transport.ts'

/** Runs the contract of worlds on the wire. `choice` is a value of `--toxiproxy`. */
export async function wireContract(name: string, choice: string): Promise<void> {
  const toxics = await allToxics()
  const effects = await allEffects()
  const startEmbedded = () => startToxiproxy({ host: '127.0.0.1', port: 0, toxics })
  const open = () =>
    wireWorld({
      openProxy: (onChild) => openToxiproxy(choice, { toxics, startEmbedded, onChild }),
      transport: TRANSPORT,
      effects,
    })
  worldContract(name, open, 40)
}
