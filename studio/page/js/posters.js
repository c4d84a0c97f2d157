// Pictures of shots for canvases: loaded when first drawn, a few at a time, the latest used kept. What always holds: a
// picture that is asked for while it loads is drawn when it has come, by a new drawing that `came` brings about.

const KEPT = 600;
const AT_ONCE = 6;

export class Posters {
  constructor(came) {
    Object.assign(this, { came, pictures: new Map(), waiting: [], loading: 0 });
  }

  /** The picture, or null while it is not there. */
  get(url) {
    const picture = this.pictures.get(url);
    if (picture !== undefined) {
      this.pictures.delete(url);
      this.pictures.set(url, picture);
      return picture;
    }
    this.pictures.set(url, null);
    this.waiting.push(url);
    this.next();
    return null;
  }

  next() {
    while (this.loading < AT_ONCE && this.waiting.length) {
      const url = this.waiting.pop();
      this.loading += 1;
      this.load(url).finally(() => {
        this.loading -= 1;
        this.next();
      });
    }
    if (this.waiting.length > KEPT) for (const url of this.waiting.splice(0, this.waiting.length - KEPT)) this.pictures.delete(url);
  }

  async load(url) {
    const image = new Image();
    image.src = url;
    try {
      await image.decode();
    } catch {
      return;
    }
    this.pictures.set(url, image);
    for (const old of this.pictures.keys()) {
      if (this.pictures.size <= KEPT) break;
      this.pictures.delete(old);
    }
    this.came();
  }
}
