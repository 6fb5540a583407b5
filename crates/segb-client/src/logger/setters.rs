//! The options of a call, one method each.

macro_rules! setters {
    ($($(#[$doc:meta])* $kind:ident $name:ident: $type:ty;)*) => {
        $(setters!(@ $kind [$(#[$doc])*] $name $type);)*
    };
    (@ one [$($doc:tt)*] $name:ident $type:ty) => {
        $($doc)*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<$type>) -> Self {
            self.$name = Some($name.into());
            self
        }
    };
    (@ many [$($doc:tt)*] $name:ident $type:ty) => {
        $($doc)*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<$type>) -> Self {
            self.$name.push($name.into());
            self
        }
    };
}

pub(crate) use setters;
