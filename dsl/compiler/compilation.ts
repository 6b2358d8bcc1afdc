import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../diagnostics/span.ts';
import type { System, Value } from '../ir/index.ts';
import type { Declaration } from '../language/definition.ts';

/** What came of compiling one file: its specs, or what is wrong with them. */
export interface Compilation {
  /** What the answer depends on. */
  readonly inputs: Inputs;
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Empty when there are errors, or nothing is declared in the file. */
  readonly specs: readonly CompiledSpec[];
  /**
   * Set where TypeScript has not been asked about the types yet: asks it, and answers what compiling would have come to
   * with that. To be called before a model is lowered: what is lowered is meant to be well typed.
   */
  readonly typechecked?: () => Compilation;
}

/** A spec, ready to be lowered for any of its models. */
export interface CompiledSpec {
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly parameters: readonly { readonly name: string; readonly doc: string; readonly default: Value }[];
  /** Those declared in the file that was compiled; `defaults` alone when there are none. */
  readonly models: readonly { readonly name: string; readonly doc: string }[];
  /** Names of all that gets a verdict, and of the fairness sets: to be asked for without lowering a model. */
  readonly properties: readonly string[];
  readonly fairness: readonly string[];
  /** What was declared on it, in the order of evaluation, as far as a test may ask about it. */
  readonly declared: readonly Declared[];
  /**
   * The transition system of a model, or what is wrong with it.
   *
   * @param model - one of `models`; undefined: the first.
   * @param overrides - parameter values instead of the model's; text, as from a command line, is read as the parameter's
   * schema asks for.
   */
  readonly instantiate: (model: string | undefined, overrides?: Readonly<Record<string, Value>>) => Instantiated;
}

/** A model or a property, to be found by who holds the value of its const in another evaluation of the same files. */
export interface Declared {
  readonly kind: Declaration['kind'];
  /** Empty where it has no const. */
  readonly name: string;
  /** See `DeclarationBase`. */
  readonly file: string | undefined;
}

/** One model of a spec as a transition system, or what is wrong with it. */
export interface Instantiated {
  readonly system?: System;
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Set where nothing but models stands in the file that was compiled: as long as the other inputs are the same, another
   * model with the same basis has the same system, but for what it says itself.
   */
  readonly basis?: string;
}

/** What the meaning of a spec depends on. As long as all of it is the same, compiling gives the same. */
export interface Inputs {
  /** The files that were read, by absolute path. */
  readonly read: readonly { readonly path: string; readonly text: string }[];
  /** Where a file was looked for that was not there: it would have been read instead of, or besides, those that were. */
  readonly absent: readonly string[];
  /** Whether that is all: false when a spec uses other packages, or may look at the world when it is evaluated. */
  readonly isComplete: boolean;
}

/**
 * What an earlier compilation of a file has come to, to be used again when the file is compiled anew. Specs of any size
 * have their models in files of their own, which change while the protocol stays as it is: then what the models say is
 * read again, and nothing is lowered.
 */
export interface Earlier {
  readonly inputs: Inputs;
  readonly files: readonly SourceFile[];
  /** An answer that had this {@link Instantiated.basis}. */
  readonly recall: (basis: string) => Instantiated | undefined;
}
