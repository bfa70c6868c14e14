//! What the text of a formula tells.

/// Whether the expression `text` calls a function or a macro by name: `exp(x)`, `math::exp(x)`. A formula that does may be
/// bound by computation, and is compiled for AVX-512. One of operators and methods (`x.sqrt()`, `x.max(y)`) waits for
/// memory, and from there Zen 4 reads vectors of 64 bytes a tenth to a fifth more slowly than those of 32.
///
/// Any name in front of brackets counts, also a keyword (`if (x > y) …`). A wrong answer costs time, never a result.
pub const fn calls_a_function(text: &str) -> bool {
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'(' {
            let end = before_spaces(text, at);
            let start = before_name(text, end);
            let is_macro = end > 1 && text[end - 1] == b'!' && is_of_name(text[end - 2]);
            let before = before_spaces(text, start);
            let is_method = before > 0 && text[before - 1] == b'.';
            if is_macro || (start < end && !is_method) {
                return true;
            }
        }
        at += 1;
    }
    false
}

const fn before_spaces(text: &[u8], mut end: usize) -> usize {
    while end > 0 && text[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    end
}

/// Where the name, or the types of `f::<T>(x)`, that end at `end` begin.
const fn before_name(text: &[u8], mut end: usize) -> usize {
    if end > 1 && text[end - 1] == b'>' && is_of_name(text[end - 2]) {
        end -= 1;
    }
    while end > 0 && is_of_name(text[end - 1]) {
        end -= 1;
    }
    end
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_called_by_their_names() {
        for text in [
            "exp(x)",
            "a + math::exp(-x * x)",
            "own (x)",
            "{ let y = f::<f64>(x); y }",
            "x * poly!(x)",
            "(x.sqrt() + g(x)).abs()",
            "if x > 0.0 { tanh(x) } else { x }",
        ] {
            assert!(calls_a_function(text), "{text}");
        }
        for text in [
            "",
            "x",
            "a + dt * (b - c) + d * e",
            "(x * x + y * y).sqrt()",
            "x.max(y).mul_add(a, (b))",
            "if x > 0.0 && !(y > 0.0) { x } else { (y) }",
            "{ let z = (x, y); z.0 / (z.1 + 1.0) }",
            "x . powi (2)",
        ] {
            assert!(!calls_a_function(text), "{text}");
        }
    }
}
