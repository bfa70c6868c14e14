//! The experiment as its author writes it down.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::time::Duration;

use super::error::CompareError;
use super::handshake::JOB_VARIABLE;
use super::run::Run;
use super::words::counted;

/// Environment variables with which glibc keeps freed memory, for [`Comparison::variant_with_env`]: what a program gains
/// without a change of its code. They have no effect on other allocators.
pub const HEAP_KEPT: [(&str, &str); 1] = [(
    "GLIBC_TUNABLES",
    "glibc.malloc.mmap_threshold=1099511627776:glibc.malloc.trim_threshold=1099511627776",
)];

/// A loop in several variants, to be run side by side.
///
/// See [the module](super) for an example, for what is measured, and for what may run before
/// [`run`](Comparison::run).
pub struct Comparison<'a> {
    pub(super) name: String,
    /// Which of several comparisons of this name; for a [`sweep`](super::sweep()).
    pub(super) size: Option<usize>,
    pub(super) notes: Vec<String>,
    pub(super) array_bytes: Option<u64>,
    pub(super) passes: usize,
    pub(super) warm_up_passes: usize,
    pub(super) repeats: usize,
    pub(super) time_limit: Duration,
    pub(super) baseline: Option<String>,
    pub(super) child_args: Option<Vec<OsString>>,
    pub(super) child_wrapper: Vec<OsString>,
    pub(super) variants: Vec<Variant<'a>>,
}

/// One way to write the loop.
pub(super) struct Variant<'a> {
    pub(super) name: String,
    /// Variables that are set in its processes, beside those of this one.
    pub(super) env: Vec<(OsString, OsString)>,
    pub(super) body: Body<'a>,
}

type Body<'a> = Box<dyn FnOnce(&mut Run) + 'a>;

impl<'a> Comparison<'a> {
    /// A comparison called `name`, with ten passes after two for warm-up, and five repeats.
    ///
    /// The name stands above the report, and tells several comparisons of one program apart.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            size: None,
            notes: Vec::new(),
            array_bytes: None,
            passes: 10,
            warm_up_passes: 2,
            repeats: 5,
            time_limit: Duration::from_secs(300),
            baseline: None,
            child_args: None,
            child_wrapper: Vec::new(),
            variants: Vec::new(),
        }
    }

    /// Adds a variant: its set-up, then one call of [`Run::passes`] with the body of the loop.
    ///
    /// It runs in child processes alone, so it may borrow whatever is alive until
    /// [`run`](Comparison::run) returns. A panic in it becomes a row of the report. What processes
    /// of its own do that it starts or forks is in none of the figures.
    #[must_use]
    pub fn variant(self, name: impl Into<String>, body: impl FnOnce(&mut Run) + 'a) -> Self {
        self.variant_with_env(name, [("", ""); 0], body)
    }

    /// Adds a variant whose processes run with further environment variables: an allocator's settings
    /// ([`HEAP_KEPT`]), a preloaded allocator (`LD_PRELOAD`), a number of threads. The report names them.
    ///
    /// ```no_run
    /// use ndarray::Array1;
    /// use ndarray_pool::compare::{Comparison, HEAP_KEPT, Run};
    ///
    /// fn unchanged(run: &mut Run) {
    ///     let mut a = Array1::<f64>::ones(4_000_000);
    ///     run.passes(|_| a = &a * 0.5);
    /// }
    ///
    /// let report = Comparison::new("halve an array")
    ///     .variant("unchanged", unchanged)
    ///     .variant_with_env("unchanged, heap kept", HEAP_KEPT, unchanged)
    ///     .variant_with_env("mimalloc", [("LD_PRELOAD", "libmimalloc.so.2")], unchanged)
    ///     .run()?;
    /// println!("{report}");
    /// # Ok::<(), ndarray_pool::compare::CompareError>(())
    /// ```
    ///
    /// A library that cannot be preloaded is a failure of its variant. A wrapper
    /// ([`child_wrapper`](Comparison::child_wrapper)) gets the variables as well.
    #[must_use]
    pub fn variant_with_env<K, V>(
        mut self,
        name: impl Into<String>,
        env: impl IntoIterator<Item = (K, V)>,
        body: impl FnOnce(&mut Run) + 'a,
    ) -> Self
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let env = env.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.variants.push(Variant { name: name.into(), env, body: Box::new(body) });
        self
    }

    /// How many bytes one of the loop's arrays takes, so that the report counts in arrays;
    /// [`nbytes`](crate::memory::nbytes) tells it. 0 takes it back.
    #[must_use]
    pub fn array_bytes(mut self, bytes: usize) -> Self {
        self.array_bytes = Some(bytes as u64).filter(|&bytes| bytes > 0);
        self
    }

    /// How many passes of the loop are timed, in each process. Defaults to 10.
    #[must_use]
    pub fn passes(mut self, passes: usize) -> Self {
        self.passes = passes;
        self
    }

    /// How many passes run before those that are timed: they fault memory in, fill caches, and find
    /// no old array to free. Defaults to 2: a loop that replaces its arrays reaches its peak in its
    /// second pass. The very first pass is reported on its own.
    #[must_use]
    pub fn warm_up_passes(mut self, passes: usize) -> Self {
        self.warm_up_passes = passes;
        self
    }

    /// How many processes are timed for each variant. Defaults to 5.
    #[must_use]
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.repeats = repeats;
        self
    }

    /// How long one process may take before it is ended, with all that it started in its process
    /// group, and its variant with it. Defaults to five minutes.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// The variant that the others are compared with. Defaults to the first one.
    #[must_use]
    pub fn baseline(mut self, name: impl Into<String>) -> Self {
        self.baseline = Some(name.into());
        self
    }

    /// A sentence that stands under the title of the page: what a variant is, where data is from.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The arguments of the children, in place of those of this process. They must lead the program
    /// to this comparison.
    #[must_use]
    pub fn child_args<S: Into<OsString>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.child_args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// A command that starts the children, such as `["taskset", "-c", "1"]` or `["/usr/bin/time",
    /// "-v", "-o", "time.txt"]`: the executable and its arguments are appended.
    ///
    /// The command must start the executable on this system, in the same process namespace, as the
    /// same user and with the environment that it was given. It is started where children are (see
    /// [the module](super)). The figures are still those of the child itself; what the command costs
    /// is not in them.
    #[must_use]
    pub fn child_wrapper<S: Into<OsString>>(
        mut self,
        command: impl IntoIterator<Item = S>,
    ) -> Self {
        self.child_wrapper = command.into_iter().map(Into::into).collect();
        self
    }

    /// What tells this comparison from all others of the program.
    pub(super) fn key(&self) -> String {
        match self.size {
            Some(size) => format!("{} at {size}", self.name),
            None => self.name.clone(),
        }
    }

    /// The name of the baseline.
    pub(super) fn baseline_name(&self) -> &str {
        match &self.baseline {
            Some(name) => name,
            None => &self.variants[0].name,
        }
    }

    pub(super) fn check(&self) -> Result<(), CompareError> {
        let refuse = |reason: String| {
            Err(CompareError::invalid(format!("comparison {:?}: {reason}", self.name)))
        };
        let mut names = HashSet::new();
        if self.variants.is_empty() {
            return refuse("it has no variant, but needs one at least".into());
        }
        if let Some(twice) = self.variants.iter().find(|v| !names.insert(v.name.as_str())) {
            return refuse(format!("two variants are called {:?}", twice.name));
        }
        if !names.contains(self.baseline_name()) {
            return refuse(format!("its baseline {:?} is no variant", self.baseline_name()));
        }
        for variant in &self.variants {
            if let Some((name, _)) =
                variant.env.iter().find(|(name, value)| !can_be_set(name, value))
            {
                return refuse(format!(
                    "variant {:?} sets the environment variable {name:?}, which cannot be set",
                    variant.name
                ));
            }
        }
        if self.passes == 0 || self.repeats == 0 {
            return refuse(format!(
                "{} in {}, but one of each is needed at least",
                counted(self.passes, "pass", "passes"),
                counted(self.repeats, "repeat", "repeats")
            ));
        }
        Ok(())
    }
}

/// A name has no `=` and neither has a null byte; how a child finds its job is not up to a variant.
fn can_be_set(name: &OsStr, value: &OsStr) -> bool {
    let has = |text: &OsStr, byte: u8| text.as_encoded_bytes().contains(&byte);
    !(name.is_empty() || has(name, b'=') || has(name, 0) || has(value, 0) || name == JOB_VARIABLE)
}

impl fmt::Debug for Comparison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variants: Vec<&str> = self.variants.iter().map(|v| v.name.as_str()).collect();
        f.debug_struct("Comparison")
            .field("name", &self.name)
            .field("variants", &variants)
            .field("passes", &self.passes)
            .field("warm_up_passes", &self.warm_up_passes)
            .field("repeats", &self.repeats)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Comparison;

    fn refusal(comparison: Comparison<'_>) -> String {
        comparison.check().expect_err("this comparison makes no sense").to_string()
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let one = || Comparison::new("x").variant("a", |_| {});
        assert!(one().check().is_ok());
        let says = |comparison, text: &str| {
            let message = refusal(comparison);
            assert_eq!(message, format!("comparison \"x\": {text}"));
        };
        says(Comparison::new("x"), "it has no variant, but needs one at least");
        says(one().variant("a", |_| {}), "two variants are called \"a\"");
        says(one().baseline("b"), "its baseline \"b\" is no variant");
        for name in ["", "A=B", "A\0", super::JOB_VARIABLE] {
            let text = format!(
                "variant \"b\" sets the environment variable {name:?}, which cannot be set"
            );
            says(one().variant_with_env("b", [("C", ""), (name, "1")], |_| {}), &text);
        }
        let text = "0 passes in 5 repeats, but one of each is needed at least";
        says(one().passes(0), text);
        says(one().passes(1).repeats(0), "1 pass in 0 repeats, but one of each is needed at least");
    }
}
