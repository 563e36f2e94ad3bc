/**
 * The editor: CodeMirror in the site's colors, with the compiler behind it.
 *
 * @module
 */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { forceLinting, lintGutter, lintKeymap, linter } from '@codemirror/lint';
import { Annotation, EditorState, Prec } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { darkCode, lightCode } from '../.vitepress/code-colors.ts';
import type { Completion, Hover, Problem, TextChange } from './messages.ts';

/** How long after the last key the types are checked, in milliseconds. */
const CHECK_AFTER = 400;

/** What the editor asks for, and tells. */
export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What it is called, for those who do not see it. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** Told what the compiler does not accept, whenever that was looked for. */
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly problems: () => Promise<readonly Problem[]>;
  readonly hover: (position: number) => Promise<Hover | undefined>;
  readonly complete: (position: number) => Promise<readonly Completion[]>;
}

/** Marks what comes from elsewhere, and not from the keyboard. */
const outer = Annotation.define<boolean>();

const color = (name: keyof typeof lightCode) =>
  `light-dark(${lightCode[name]}, ${darkCode[name]})`;

const code = HighlightStyle.define([
  { tag: tags.comment, color: color('comment'), fontStyle: 'italic' },
  {
    tag: [tags.keyword, tags.bool, tags.null, tags.self, tags.modifier],
    color: color('keyword'),
  },
  { tag: [tags.operator, tags.punctuation], color: color('ink') },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: color('text') },
  { tag: [tags.number, tags.escape], color: color('number') },
  { tag: [tags.typeName, tags.className], color: color('type') },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: color('call'),
  },
]);

const looks = EditorView.theme({
  '&': {
    color: 'var(--ink)',
    backgroundColor: 'var(--paper-2)',
    fontSize: '13px',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--round-small)',
  },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '1px' },
  '.cm-content:focus-visible': { outline: 'none !important' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', maxHeight: '62vh' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    color: 'var(--ink-2)',
    backgroundColor: 'var(--paper-2)',
    borderRight: '1px solid var(--line)',
    borderRadius: 'var(--round-small) 0 0 var(--round-small)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--paper)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--round-small)',
    fontFamily: 'var(--mono)',
    fontSize: '13px',
    maxWidth: 'min(90vw, 560px)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--paper)',
    backgroundColor: 'var(--accent)',
  },
  '.cm-tooltip .known': { padding: '6px 10px', whiteSpace: 'pre-wrap' },
  '.cm-tooltip .known p': {
    margin: '6px 0 0',
    fontFamily: 'var(--sans)',
    fontSize: '14px',
    lineHeight: '1.45',
  },
  '.cm-diagnostic': { borderLeft: '4px solid var(--bad)', padding: '4px 10px' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
  },
  '.cm-lint-marker-error': {
    content: '""',
    width: '8px',
    height: '8px',
    margin: '7px 0 0 3px',
    borderRadius: '50%',
    backgroundColor: 'var(--bad)',
  },
});

/** An editor for one file. */
export class Editor {
  readonly #view: EditorView;

  constructor(options: EditorOptions) {
    const { parent, text, label } = options;
    const run = () => {
      options.onRun();
      return true;
    };
    const extensions = [
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      autocompletion({
        override: [(context) => completions(context, options)],
        icons: false,
      }),
      javascript({ typescript: true }),
      syntaxHighlighting(code),
      EditorView.lineWrapping,
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
        ...lintKeymap,
        indentWithTab,
      ]),
      linter(async () => diagnostics(options), { delay: CHECK_AFTER }),
      hoverTooltip(async (_view, position) => tooltip(await options.hover(position))),
      EditorView.contentAttributes.of({
        'aria-label': label,
        autocapitalize: 'off',
        autocorrect: 'off',
        spellcheck: 'false',
        tabindex: '0', // or a check for what can have the focus overlooks it
      }),
      EditorView.updateListener.of((update) => {
        const isOwn = !update.transactions.some((one) => one.annotation(outer) === true);
        if (update.docChanged && isOwn) options.onChange(update.state.doc.toString());
      }),
      looks,
    ];
    this.#view = new EditorView({
      parent,
      state: EditorState.create({ doc: text, extensions }),
    });
  }

  /** Puts another text in the place of all that stands there; `undo` brings it back. */
  write(text: string): void {
    const { doc } = this.#view.state;
    if (doc.toString() === text) return;
    this.#view.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      annotations: outer.of(true),
    });
  }

  /** Changes some places, as if they were typed. */
  change(changes: readonly TextChange[]): void {
    this.#view.dispatch({ changes });
  }

  /** Looks for problems now. */
  check(): void {
    forceLinting(this.#view);
  }

  /** Puts the cursor at a place, and shows it. */
  goTo(line: number, column: number): void {
    const { doc } = this.#view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const anchor = Math.min(at.from + Math.max(column - 1, 0), at.to);
    this.#view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
    });
    this.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  /** Takes it off the page. */
  close(): void {
    this.#view.destroy();
  }
}

async function diagnostics({ problems, onProblems }: EditorOptions) {
  const found = await problems();
  onProblems(found);
  return found.map(({ from, to, words }) => ({
    ...{ from, to },
    severity: 'error' as const,
    message: words,
  }));
}

function tooltip(known: Hover | undefined): Tooltip | null {
  if (known === undefined) return null;
  const create = () => {
    const dom = document.createElement('div');
    dom.className = 'known';
    dom.textContent = known.declaration;
    if (known.text !== '') {
      const words = document.createElement('p');
      words.textContent = known.text;
      dom.append(words);
    }
    return { dom };
  };
  return { pos: known.from, end: known.to, create };
}

async function completions(
  context: CompletionContext,
  { complete }: EditorOptions,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]+/);
  const isMember = context.matchBefore(/\.\w*/) !== null;
  if (word === null && !isMember && !context.explicit) return null;
  const found = await complete(context.pos);
  if (found.length === 0) return null;
  return {
    from: word?.from ?? context.pos,
    options: found.map(({ label, kind }) => ({ label, detail: kind })),
    validFor: /^[\w$]*$/,
  };
}
