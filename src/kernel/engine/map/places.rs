//! Arrays of more than three axes, part by part: walks see three axes.

/// A place along all axes but the last three.
pub(crate) struct Places {
    few: [usize; 3],
    many: Vec<usize>,
    count: usize,
}

impl Places {
    /// The first place along `count` axes.
    pub(crate) fn new(count: usize) -> Self {
        // (ndarray has allocated for more than six axes, too.)
        let many = if count > 3 { vec![0; count] } else { Vec::new() };
        Places { few: [0; 3], many, count }
    }

    pub(crate) fn at(&self) -> &[usize] {
        if self.many.is_empty() { &self.few[..self.count] } else { &self.many }
    }

    /// Moves on to the next place, along axes of these lengths. False if there is none.
    pub(crate) fn advance(&mut self, lens: &[usize]) -> bool {
        let at = if self.many.is_empty() { &mut self.few[..self.count] } else { &mut self.many };
        for (at, &len) in at.iter_mut().zip(lens).rev() {
            *at += 1;
            if *at < len {
                return true;
            }
            *at = 0;
        }
        false
    }
}
