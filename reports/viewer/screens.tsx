/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { EventOf, ShownView } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import { singular } from '../words/action.ts'
import { countText } from '../words/text.ts'
import { momentText } from '../words/time.ts'
import { Icon } from './icons.tsx'

const STATUS = {
  pending: ['clock', 'waiting'],
  sent: ['check', 'sent'],
  failed: ['failed', 'failed'],
} as const
const ROWS_MAX = 12

/** Shows every person's screen at the end, and the rows that the server has. */
export function Screens({ history }: { history: History }) {
  return (
    <div class="screens">
      {history.devices.map((device) => (
        <DeviceScreen device={device} final={history.lastView(device)} />
      ))}
      <ServerRows state={history.serverState} />
    </div>
  )
}

function DeviceScreen({ device, final }: { device: string; final: EventOf<'view'> | undefined }) {
  return (
    <figure class="screen">
      <figcaption>
        {device}’s screen{final && <span class="when"> at {momentText(final.t)}</span>}
      </figcaption>
      {final ? <Screen view={final.view} /> : <p class="none">nobody could look at it</p>}
    </figure>
  )
}

function ServerRows({ state }: { state: EventOf<'serverState'> | undefined }) {
  const rows = state?.rows ?? []
  const live = rows.filter(({ deleted }) => !deleted)
  const tombstones = rows.length - live.length
  const losingWrites = state?.conflicts?.length ?? 0
  return (
    <figure class="screen held">
      <figcaption>
        the server{state && <span class="when"> at {momentText(state.t)}</span>}
      </figcaption>
      {live.length > 0 ? (
        <ul>
          {live.slice(0, ROWS_MAX).map((row) => (
            <li>
              <bdi>{row.text ?? ''}</bdi>
              <span class="v">
                {singular(row.collection)} {row.record} v{row.version}
              </span>
            </li>
          ))}
          <More count={live.length - ROWS_MAX} />
        </ul>
      ) : (
        <p class="none">{state ? 'holds nothing' : 'nobody could look into it'}</p>
      )}
      {tombstones > 0 && <p class="badge">{countText(tombstones, 'tombstone')}</p>}
      {losingWrites > 0 && <p class="badge">{countText(losingWrites, 'losing write')} kept</p>}
    </figure>
  )
}

function Screen({ view }: { view: ShownView }) {
  return (
    <>
      {view.rows.length === 0 ? (
        <p class="none">nothing</p>
      ) : (
        <ul>
          {view.rows.slice(0, ROWS_MAX).map((row) => (
            <li>
              <bdi>{row.text ?? ''}</bdi>
              {row.status && <Icon name={STATUS[row.status][0]} label={STATUS[row.status][1]} />}
            </li>
          ))}
          <More count={view.rows.length - ROWS_MAX} />
        </ul>
      )}
      {view.conflicts?.map(({ record, text }) => (
        <p class="badge">
          lost edit of {record}: <bdi>{text ?? 'deleted'}</bdi>
        </p>
      ))}
      {view.allSynced && <p class="badge">“all synced”</p>}
    </>
  )
}

const More = ({ count }: { count: number }) =>
  count > 0 ? <li class="none">and {count} more</li> : null
