import type { Action } from '../../harness/core/action.ts'
import { withoutMark } from '../../harness/core/mark.ts'
import { truncate } from './text.ts'

/** What a person does: "sends 'See you at eight'", "edits note list to 'milk'". */
export function actionText(action: Action, longest = 60): string {
  switch (action.type) {
    case 'create':
      return action.collection === 'messages'
        ? `sends ${quote(action.content.text, longest)}`
        : `writes ${singular(action.collection)} ${action.record}: ${quote(action.content.text, longest)}`
    case 'update':
      return `edits ${singular(action.collection)} ${action.record} to ${quote(action.content.text, longest)}`
    case 'delete':
      return `deletes ${singular(action.collection)} ${action.record}`
    case 'cancel':
      return `takes back ${action.target}`
    case 'refresh':
      return 'pulls to refresh'
  }
}

/** 'message' for 'messages'. */
export function singular(collection: string): string {
  return collection.replace(/s$/, '')
}

/** What a person typed, without the marker of its operation. */
export function typedText(text: unknown): string {
  return withoutMark(typeof text === 'string' ? text : '')
}

export function quote(text: unknown, longest = 60): string {
  return `‘${truncate(typedText(text), longest)}’`
}
