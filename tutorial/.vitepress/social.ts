import type { HeadConfig, TransformContext } from 'vitepress';

/** The picture of a link to any page, made by `npm run site:card`. */
const CARD = 'card.png';
const CARD_SIZE = { width: 1200, height: 630 };
const CARD_WORDS =
  'Pychain: build a blockchain, understand every line. Three linked blocks stand beside it.';

type SocialContext = Pick<
  TransformContext,
  'pageData' | 'siteData' | 'title' | 'description'
>;

/**
 * What other programs show of a link to a page. Where the site's address is known, it is told
 * with it; elsewhere the picture is named relative to the page, and not all understand that.
 */
export function socialHead(
  { pageData, siteData, title, description }: SocialContext,
  address: string | undefined,
): HeadConfig[] {
  if (pageData.isNotFound === true) return [];
  const path = pageData.relativePath
    .replace(/(^|\/)index\.md$/, '$1')
    .replace(/\.md$/, '.html');
  const property = (name: string, content: string): HeadConfig => [
    'meta',
    { property: name, content },
  ];
  const own: HeadConfig[] =
    address === undefined
      ? []
      : [
          ['link', { rel: 'canonical', href: address + path }],
          property('og:url', address + path),
        ];
  return [
    ...own,
    property('og:type', path === '' ? 'website' : 'article'),
    property('og:site_name', siteData.title),
    property('og:title', title),
    property('og:description', description),
    property('og:image', (address ?? siteData.base) + CARD),
    property('og:image:width', String(CARD_SIZE.width)),
    property('og:image:height', String(CARD_SIZE.height)),
    property('og:image:alt', CARD_WORDS),
    ['meta', { name: 'twitter:card', content: 'summary_large_image' }],
  ];
}
