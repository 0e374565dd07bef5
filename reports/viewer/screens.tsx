/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ShownView } from '../../harness/core/event.ts'
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

/** What every person sees at the end, and what the server holds. */
export function Screens({ history }: { history: History }) {
  const state = history.serverState
  const live = state?.rows.filter(({ deleted }) => !deleted) ?? []
  return (
    <div class="screens">
      {history.devices.map((device) => {
        const look = history.lastView(device)
        return (
          <figure class="screen">
            <figcaption>
              {device}’s screen{look && <span class="when"> at {momentText(look.t)}</span>}
            </figcaption>
            {look ? <Screen view={look.view} /> : <p class="none">nobody could look at it</p>}
          </figure>
        )
      })}
      <figure class="screen held">
        <figcaption>
          the server{state && <span class="when"> at {momentText(state.t)}</span>}
        </figcaption>
        {!state ? (
          <p class="none">nobody could look into it</p>
        ) : live.length === 0 ? (
          <p class="none">holds nothing</p>
        ) : (
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
        )}
        {state && state.rows.length > live.length && (
          <p class="badge">{countText(state.rows.length - live.length, 'tombstone')}</p>
        )}
        {(state?.conflicts?.length ?? 0) > 0 && (
          <p class="badge">{countText(state?.conflicts?.length ?? 0, 'losing write')} kept</p>
        )}
      </figure>
    </div>
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
