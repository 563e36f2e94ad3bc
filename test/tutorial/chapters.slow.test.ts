import { chapterOf } from '../../tutorial/sync/listings.ts';
import { readPages } from '../../tutorial/sync/markdown.ts';
import { root, steps } from './project.ts';
import { testSessions } from './sessions.ts';

const pages = readPages(root);

testSessions(pages.filter((page) => page !== chapterOf(pages, steps[0] ?? '')));
