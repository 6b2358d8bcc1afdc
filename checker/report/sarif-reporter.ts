import manifest from '../../package.json' with { type: 'json' };
import type { SourceFile, Span } from '../../dsl/diagnostics/span.ts';
import { visible } from '../../dsl/diagnostics/visible.ts';
import { complaintOf, complaintsOf, complaintsOfWarnings, RULES } from './complaint.ts';
import type { Complaint, RelatedPlace } from './complaint.ts';
import { placeOf } from './json-part.ts';
import type { Reporter, RunEnd } from './reporter.ts';

/** Where the files of a run are for whoever reads its report: a path from the folder that the reader starts from. */
export type PathTo = (path: string) => string;

/**
 * A run in the Static Analysis Results Interchange Format, which services for reviews and editors show at the places that
 * it names: the property, the last step, the guard that fails, and the steps of the counterexample as a thread flow.
 *
 * @param out - is given the document, at the end of the run.
 * @see OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
 */
export function sarifReporter(out: (text: string) => void, pathTo: PathTo = (path) => path): Reporter {
  const found: Complaint[] = [];
  return {
    start: () => 'unexpected',
    model: (model) => void found.push(...complaintsOf(model)),
    endSpec: ({ warnings }) => void found.push(...complaintsOfWarnings(warnings)),
    sharedWarnings: (warnings) => void found.push(...complaintsOfWarnings(warnings)),
    end: (run) => out(`${visible(JSON.stringify(logOf(found, run, pathTo), undefined, 2))}\n`),
  };
}

function logOf(found: readonly Complaint[], { diagnostics, exitCode }: RunEnd, pathTo: PathTo): object {
  const complaints = distinct(
    [...diagnostics.map(({ diagnostic, files }) => complaintOf(diagnostic, files)), ...found],
    pathTo,
  );
  const ids = [...new Set(complaints.map(({ rule }) => rule))];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Fairlead', version: manifest.version, rules: ids.map(ruleOf) } },
        invocations: [{ executionSuccessful: exitCode !== EXIT_OF_A_BUG, exitCode }],
        columnKind: 'utf16CodeUnits',
        results: complaints.map((complaint) => resultOf(complaint, ids.indexOf(complaint.rule), pathTo)),
      },
    ],
  };
}

const EXIT_OF_A_BUG = 70;

/** What several models have in common, such as a warning, is said once. */
function distinct(complaints: readonly Complaint[], pathTo: PathTo): readonly Complaint[] {
  const byKey = new Map<string, Complaint>();
  for (const complaint of complaints) {
    const { rule, message, span, files } = complaint;
    const key = JSON.stringify([rule, message, locationOf(span, files, pathTo)]);
    if (!byKey.has(key)) byKey.set(key, complaint);
  }
  return [...byKey.values()];
}

function ruleOf(id: Complaint['rule']): object {
  const text = id in RULES ? RULES[id as keyof typeof RULES] : `What the compiler says by ${id}.`;
  return { id, shortDescription: { text } };
}

function resultOf(complaint: Complaint, ruleIndex: number, pathTo: PathTo): object {
  const { level, rule, message, span, files, related, steps, story } = complaint;
  const location = locationOf(span, files, pathTo);
  const located = (places: readonly RelatedPlace[]): readonly object[] =>
    places.flatMap((place) => {
      const at = locationOf(place.span, files, pathTo);
      return at === undefined ? [] : [{ ...at, message: { text: place.message } }];
    });
  const around = located([...related, ...steps]).map((one, id) => ({ id, ...one }));
  const flow = located(steps);
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: story === '' ? message : `${message}\n\n${story}` },
    locations: location === undefined ? [] : [location],
    ...(around.length > 0 && { relatedLocations: around }),
    ...(flow.length > 0 && {
      codeFlows: [
        {
          threadFlows: [{ locations: flow.map((one, index) => ({ location: one, executionOrder: index + 1 })) }],
        },
      ],
    }),
  };
}

function locationOf(span: Span, files: readonly SourceFile[], pathTo: PathTo): object | undefined {
  const place = placeOf(span, files);
  if (place === null) return undefined;
  const { path, line, column, endLine, endColumn } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(pathTo(path)) },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

/** A path as a reference: with slashes, and with what is not allowed there written as `%20`. */
function uriOf(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent);
  const isAbsolute = path.startsWith('/');
  return isAbsolute ? `file://${parts.join('/')}` : parts.join('/');
}
