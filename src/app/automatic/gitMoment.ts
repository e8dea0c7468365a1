/**
 * What git did to the files, as the command that people know (`git checkout main`), from a line of the reflog of HEAD (the
 * file `logs/HEAD`, see git-reflog(1): `<old> <new> <who> <time> <zone>\t<message>`). Undefined for what leaves the files
 * alone, as a commit does.
 */
export function gitMoment(line: string): string | undefined {
  const message = line.slice(line.indexOf('\t') + 1);
  const colon = message.search(/:|$/);
  const [verb = '', object = ''] = message.slice(0, colon).split(' ');
  const objectOf = Object.hasOwn(OBJECTS, verb) ? OBJECTS[verb] : undefined;
  return objectOf && command(verb, objectOf(message.slice(colon + 1).trim(), object));
}

/** The commands that change files, each with the way to what it was given. A pull may name an address, and that a password. */
const OBJECTS: Readonly<Record<string, FindObject>> = {
  checkout: (rest) => /\bto (\S+)$/.exec(rest)?.[1],
  reset: (rest) => /\bto (\S+)$/.exec(rest)?.[1],
  rebase: (rest) => /^checkout (\S+)$/.exec(rest)?.[1],
  merge: (_rest, object) => object,
  pull: () => undefined,
  'cherry-pick': () => undefined,
  revert: () => undefined,
  am: () => undefined,
};

type FindObject = (rest: string, object: string) => string | undefined;

/** The first thing that git did to the files in these lines of its reflog. */
export function firstGitMoment(lines: string): string | undefined {
  return lines
    .split('\n')
    .map(gitMoment)
    .find((moment) => moment !== undefined);
}

function command(verb: string, object = ''): string {
  const short = /^[0-9a-f]{40,64}$/.test(object) ? object.slice(0, 8) : object;
  return `git ${verb} ${short}`.trimEnd();
}
