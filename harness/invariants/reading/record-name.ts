import { isWrite, type Operation } from '../../core/operation.ts'

/** A name for a record that is unique among all collections. */
export function recordName(event: {
  readonly collection: string
  readonly record: string
}): string {
  return `${event.collection}/${event.record}`
}

/** The name of the record that an operation writes; undefined if it writes none. */
export function recordOf({ action }: Operation): string | undefined {
  return isWrite(action) ? recordName(action) : undefined
}
