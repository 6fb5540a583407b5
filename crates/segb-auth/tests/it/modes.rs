//! Learning and protected mode.

use segb_auth::{Action, Actor, Auth, Forbidden, Mode, Role, SecretError, WeakSecret, allowed_roles};

use crate::forge::{NOW, OTHER_SECRET, SECRET, bearer, token, with};

fn mode(secret: Option<&str>, previous: Option<&str>, allow_weak: bool) -> Result<Mode, SecretError> {
    Auth::detect(secret, previous, allow_weak).map(|auth| auth.mode())
}

#[test]
fn no_secret_is_learning_mode() {
    for weak in [false, true] {
        for secret in [None, Some("")] {
            for previous in [None, Some("")] {
                assert_eq!(mode(secret, previous, weak), Ok(Mode::Learning));
            }
        }
    }
}

#[test]
fn a_secret_is_protected_mode() {
    assert_eq!(mode(Some(SECRET), None, false), Ok(Mode::Protected));
    assert_eq!(mode(Some(SECRET), Some(""), false), Ok(Mode::Protected));
    assert_eq!(mode(Some(SECRET), Some(OTHER_SECRET), false), Ok(Mode::Protected));
}

#[test]
fn weak_secrets_are_refused() {
    assert_eq!(mode(Some("  "), None, false), Err(SecretError::Current(WeakSecret::Blank)));
    assert_eq!(mode(Some(&" ".repeat(40)), None, false), Err(SecretError::Current(WeakSecret::Blank)));
    assert_eq!(mode(Some(&"x".repeat(31)), None, false), Err(SecretError::Current(WeakSecret::Short)));
    assert_eq!(mode(Some(&"x".repeat(32)), None, false), Ok(Mode::Protected));
    assert_eq!(mode(Some(SECRET), Some("\n"), false), Err(SecretError::Previous(WeakSecret::Blank)));
    assert_eq!(mode(Some(SECRET), Some("x"), false), Err(SecretError::Previous(WeakSecret::Short)));
}

#[test]
fn weak_secrets_may_be_allowed_and_never_mean_learning_mode() {
    for secret in ["x", " ", "\t\n"] {
        assert_eq!(mode(Some(secret), Some(secret), true), Ok(Mode::Protected));
    }
}

#[test]
fn a_previous_secret_needs_a_present_one() {
    for weak in [false, true] {
        for secret in [None, Some("")] {
            assert_eq!(mode(secret, Some(OTHER_SECRET), weak), Err(SecretError::PreviousWithoutCurrent));
        }
    }
}

#[test]
fn the_reasons_name_the_setting() {
    let text = |secret, previous| mode(secret, previous, false).unwrap_err().to_string();
    assert!(text(Some(" "), None).starts_with("SECRET_KEY is set but holds only white space."));
    assert!(text(Some("x"), None).starts_with("SECRET_KEY is shorter than 32 bytes."));
    assert!(text(Some(SECRET), Some("x")).starts_with("SECRET_KEY_PREVIOUS is shorter than 32 bytes."));
    assert!(text(None, Some("x")).starts_with("SECRET_KEY_PREVIOUS is set and SECRET_KEY is not"));
}

#[test]
fn everybody_is_anonymous_in_learning_mode() {
    let auth = Auth::detect(None, None, false).unwrap();
    for header in [None, Some(&b""[..]), Some(b"Bearer x"), Some(b"\xff"), Some(&[b'x'; 9000])] {
        assert_eq!(auth.authenticate(header, NOW), Ok(Actor::anonymous()));
    }
    let actor = Actor::anonymous();
    assert_eq!(actor.username, "anonymous_user");
    assert_eq!(actor.roles, Role::ALL);
    assert!(!actor.authenticated);
    assert!(Action::ALL.into_iter().all(|action| auth.authorize(&actor, action).is_ok()));
}

#[test]
fn each_role_may_do_what_the_table_says() {
    let auth = crate::forge::auth();
    for role in Role::ALL {
        let actor = bearer(&token(&with("roles", vec![role.as_str()]))).unwrap();
        for action in Action::ALL {
            let expected = if allowed_roles(action).contains(&role) { Ok(()) } else { Err(Forbidden) };
            assert_eq!(auth.authorize(&actor, action), expected, "{role} {action:?}");
        }
    }
}

#[test]
fn one_role_of_several_is_enough() {
    let actor = bearer(&token(&with("roles", vec!["logger", "auditor"]))).unwrap();
    let auth = crate::forge::auth();
    assert!(auth.authorize(&actor, Action::InsertLog).is_ok());
    assert!(auth.authorize(&actor, Action::RunQuery).is_ok());
    assert!(auth.authorize(&actor, Action::ClearGraph).is_err());
}
