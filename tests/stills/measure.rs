//! How near a picture is to the exact one: SSIM, and by how many pixels it is shifted.

/// Side of the windows whose structure is compared, and their distance.
const WINDOW: usize = 8;
const STRIDE: usize = 4;

/// Fields across and down in which a picture's shift is measured.
const FIELDS: (usize, usize) = (4, 3);

/// Structural similarity of two pictures of that width (Wang 2004, flat windows), 8-bit codes.
pub fn ssim(a: &[f32], b: &[f32], width: usize) -> f64 {
    let height = a.len() / width;
    let (mut sum, mut count) = (0.0, 0);
    for y in (0..=height - WINDOW).step_by(STRIDE) {
        for x in (0..=width - WINDOW).step_by(STRIDE) {
            sum += window(&a[y * width + x..], &b[y * width + x..], width);
            count += 1;
        }
    }
    sum / f64::from(count)
}

fn window(a: &[f32], b: &[f32], width: usize) -> f64 {
    let [mut sa, mut sb, mut saa, mut sbb, mut sab] = [0.0f32; 5];
    for row in 0..WINDOW {
        let (a, b) = (&a[row * width..][..WINDOW], &b[row * width..][..WINDOW]);
        for (a, b) in a.iter().zip(b) {
            let (a, b) = (a - 128.0, b - 128.0);
            sa += a;
            sb += b;
            saa += a * a;
            sbb += b * b;
            sab += a * b;
        }
    }
    let n = (WINDOW * WINDOW) as f64;
    let [sa, sb, saa, sbb, sab] = [sa, sb, saa, sbb, sab].map(|sum| f64::from(sum) / n);
    let (va, vb, covariance) = (saa - sa * sa, sbb - sb * sb, sab - sa * sb);
    let (ma, mb) = (sa + 128.0, sb + 128.0);
    let (c1, c2) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    (2.0 * ma * mb + c1) * (2.0 * covariance + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
}

/// By how many pixels, right and down, each field of a picture is shifted against the exact one:
/// least squares over the gradients. `None` where a field has too little in it to tell.
pub fn shifts(picture: &[f32], exact: &[f32], width: usize) -> Vec<Option<(f64, f64)>> {
    let height = picture.len() / width;
    let (fw, fh) = (width / FIELDS.0, height / FIELDS.1);
    let field = |index: usize| {
        let (left, top) = (index % FIELDS.0 * fw, index / FIELDS.0 * fh);
        let mut sums = [0.0f64; 5];
        for y in top.max(1)..(top + fh).min(height - 1) {
            let mut row = [0.0f32; 5];
            for x in left.max(1)..(left + fw).min(width - 1) {
                let at = y * width + x;
                let dx = (exact[at + 1] - exact[at - 1]) / 2.0;
                let dy = (exact[at + width] - exact[at - width]) / 2.0;
                let d = exact[at] - picture[at];
                let terms = [dx * dx, dx * dy, dy * dy, dx * d, dy * d];
                row.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
            }
            sums.iter_mut().zip(row).for_each(|(sum, term)| *sum += f64::from(term));
        }
        let [xx, xy, yy, xd, yd] = sums;
        let (determinant, trace) = (xx * yy - xy * xy, xx + yy);
        let pixels = (fw * fh) as f64;
        // The weaker direction's gradient: at least one code a pixel in the mean square.
        let weaker = determinant / trace.max(1e-9);
        (weaker > pixels).then(|| ((yy * xd - xy * yd) / determinant, (xx * yd - xy * xd) / determinant))
    };
    (0..FIELDS.0 * FIELDS.1).map(field).collect()
}

/// How unevenly things move: shifts of one shot's pictures in order, in; the second differences'
/// root mean square, in pixels, out. A move without steps has the compression's noise alone.
#[derive(Default)]
pub struct Jitter {
    run: Vec<Vec<Option<(f64, f64)>>>,
    sum: f64,
    count: usize,
    largest: f64,
}

impl Jitter {
    /// The next picture of the shot.
    pub fn add(&mut self, shifts: Vec<Option<(f64, f64)>>) {
        self.run.push(shifts);
        let [.., before, middle, after] = self.run.as_slice() else { return };
        for ((a, b), c) in before.iter().zip(middle).zip(after) {
            let (Some(a), Some(b), Some(c)) = (a, b, c) else { continue };
            for second in [a.0 - 2.0 * b.0 + c.0, a.1 - 2.0 * b.1 + c.1] {
                self.sum += second * second;
                self.count += 1;
                self.largest = self.largest.max(second.abs());
            }
        }
    }

    /// The shot is over: what follows does not belong to its move.
    pub fn cut(&mut self) {
        self.run.clear();
    }

    /// In pixels; none if nothing could be measured.
    pub fn rms(&self) -> Option<f64> {
        (self.count > 0).then(|| (self.sum / self.count as f64).sqrt())
    }

    /// The worst of them, in pixels.
    pub fn largest(&self) -> f64 {
        self.largest
    }
}
